/** The HTTPS server of the webhooks and the plain HTTP server of the management routes. */
@NullMarked
package dev.gambeson.server;

import org.jspecify.annotations.NullMarked;
