/** What the author of a pod is told: where to fix it, what to write there, and why it is denied. */
@NullMarked
package dev.gambeson.advice;

import org.jspecify.annotations.NullMarked;
