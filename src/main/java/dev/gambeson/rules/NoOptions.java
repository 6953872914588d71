package dev.gambeson.rules;

/** The options of a rule that has none. */
public record NoOptions() {}
