package dev.gambeson.playground;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks.
 *
 * @param manifest YAML or JSON, any number of documents
 * @param configuration the configuration to judge by; null for that of the server
 * @param profile the profile of every object; null where its namespace chooses
 * @param object the number of an object among those that describe pods, from 0
 */
record Question(
    @JsonProperty(required = true) String manifest,
    @Nullable String configuration,
    @Nullable String profile,
    int object) {}
