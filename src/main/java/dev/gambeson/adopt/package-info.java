/** From what runs in a cluster to the strictest profiles that refuse none of it. */
@NullMarked
package dev.gambeson.adopt;

import org.jspecify.annotations.NullMarked;
