/*
 * labels.h - a LabelSelector that stands in an object.
 *
 * Shape:  matchLabels and matchExpressions; none of either matches all.
 * Owner:  `mem`; views point into the node.
 * Errors: a text that says what is wrong.
 * Source: k8s.io/apimachinery metav1.LabelSelectorAsSelector().
 */
#ifndef RENDER_LABELS_H
#define RENDER_LABELS_H

#include "base/selector.h"
#include "manifest/manifest.h"

const char *labels_selector(struct arena *mem, const struct node *n,
			    struct selector *out);

#endif
