/** The certificate authority and the serving certificate. */
@NullMarked
package dev.gambeson.tls;

import org.jspecify.annotations.NullMarked;
