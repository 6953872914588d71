/** Why a pod does not run, and what of it Gambeson filled in. */
@NullMarked
package dev.gambeson.explain;

import org.jspecify.annotations.NullMarked;
