/** The command line: one command per file. */
@NullMarked
package dev.gambeson.cli;

import org.jspecify.annotations.NullMarked;
