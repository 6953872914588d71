/** What a review of manifests found, in the forms that its readers use. */
@NullMarked
package dev.gambeson.report;

import org.jspecify.annotations.NullMarked;
