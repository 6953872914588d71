package dev.gambeson.rule;

/** The remedy of a violation of which something has to go. */
public enum Removal {
  /** The field at fault. */
  FIELD,
  /** The element of a list that is at fault, or that the field at fault is in. */
  ELEMENT
}
