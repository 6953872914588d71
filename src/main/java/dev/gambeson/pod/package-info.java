/**
 * Pods as the rules see them: containers, field paths, workload templates and the patch that a fix
 * writes.
 */
@NullMarked
package dev.gambeson.pod;

import org.jspecify.annotations.NullMarked;
