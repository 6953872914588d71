/** The only package that talks to an API server: certificates and configuration of a release. */
@NullMarked
package dev.gambeson.cluster;

import org.jspecify.annotations.NullMarked;
