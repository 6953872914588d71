package dev.gambeson.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;

/** Whether two keys are the halves of one pair. */
final class KeyPairs {
  private static final byte[] SAMPLE = {1, 2, 3};

  private KeyPairs() {}

  /** The signature algorithm of a key; empty where it is neither EC nor RSA. */
  static Optional<String> algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC", "ECDSA" -> Optional.of("SHA256withECDSA");
      case "RSA" -> Optional.of("SHA256withRSA");
      default -> Optional.empty();
    };
  }

  static boolean fit(PublicKey open, PrivateKey secret) {
    try {
      var algorithm = algorithm(secret);
      if (algorithm.isEmpty()) {
        return false;
      }
      var signer = Signature.getInstance(algorithm.get());
      signer.initSign(secret);
      signer.update(SAMPLE);
      var verifier = Signature.getInstance(algorithm.get());
      verifier.initVerify(open);
      verifier.update(SAMPLE);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
