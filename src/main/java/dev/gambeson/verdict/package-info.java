/**
 * What a profile makes of a pod: what its fixes change, what its checks find, and what is exempted.
 */
@NullMarked
package dev.gambeson.verdict;

import org.jspecify.annotations.NullMarked;
