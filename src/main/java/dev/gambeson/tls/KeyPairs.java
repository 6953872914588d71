package dev.gambeson.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;

/** Checks whether a public and a private key belong together. */
final class KeyPairs {
  private static final byte[] SAMPLE = {1, 2, 3};

  private KeyPairs() {}

  /** The signature algorithm of a key; empty if it is neither EC nor RSA. */
  static Optional<String> algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC", "ECDSA" -> Optional.of("SHA256withECDSA");
      case "RSA" -> Optional.of("SHA256withRSA");
      default -> Optional.empty();
    };
  }

  static boolean match(PublicKey publicKey, PrivateKey privateKey) {
    try {
      var algorithm = algorithm(privateKey);
      if (algorithm.isEmpty()) {
        return false;
      }
      var signer = Signature.getInstance(algorithm.get());
      signer.initSign(privateKey);
      signer.update(SAMPLE);
      var verifier = Signature.getInstance(algorithm.get());
      verifier.initVerify(publicKey);
      verifier.update(SAMPLE);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
