/** What rules are written against: their interfaces, what they report, and what several share. */
@NullMarked
package dev.gambeson.rule;

import org.jspecify.annotations.NullMarked;
