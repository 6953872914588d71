/** Judges manifests, wherever they come from, as the webhooks judge what is created from them. */
@NullMarked
package dev.gambeson.review;

import org.jspecify.annotations.NullMarked;
