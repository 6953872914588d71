/** Sources that change while the server runs. */
@NullMarked
package dev.gambeson.reload;

import org.jspecify.annotations.NullMarked;
