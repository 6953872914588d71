/** The configuration: loading, merging, validation and its JSON schema. */
@NullMarked
package dev.gambeson.config;

import org.jspecify.annotations.NullMarked;
