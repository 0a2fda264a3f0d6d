// Makes a case that differs as small as it gets.
package main

import (
	"maps"
	"slices"
	"sync"

	"sigs.k8s.io/yaml"
)

// A case is asked so often at most.
const mostTries = 300

func (c *comparison) shrinkAll(found []*difference) {
	work, places := sync.WaitGroup{}, make(chan bool, atOnce)
	for i := range min(c.shrinks, len(found)) {
		work.Go(func() {
			places <- true
			c.shrink(found[i])
			<-places
		})
	}
	work.Wait()
}

// shrink drops flags, documents, keys and items as long as it differs without.
func (c *comparison) shrink(d *difference) {
	tries := 0
	accept := func(q question) bool {
		tries++
		if tries > mostTries {
			return false
		}
		smaller := c.differ(q, ask(q))
		if smaller == nil || smaller.random != never ||
			c.reasonOf(smaller) != nil {
			return false
		}
		*d = *smaller
		return true
	}
	for changed := true; changed && tries < mostTries; {
		changed = dropFlags(d, accept)
		changed = dropParts(d, accept) || changed
	}
}

func dropFlags(d *difference, accept func(question) bool) bool {
	changed := false
	for i := len(d.Flags) - 1; i >= 0; i-- {
		q := d.question
		q.Flags = slices.Delete(slices.Clone(q.Flags), i, i+1)
		changed = accept(q) || changed
	}
	return changed
}

func dropParts(d *difference, accept func(question) bool) bool {
	changed := false
	for number := 0; ; number++ {
		objects := parse(d.Manifests)
		left := number
		smaller := without(toAny(objects), &left)
		if left >= 0 {
			return changed
		}
		q := d.question
		q.Manifests = manifests(toObjects(smaller.([]any)))
		if accept(q) {
			changed = true
			number--
		}
	}
}

func parse(manifests string) []object {
	found := []object{}
	for _, document := range documents(manifests) {
		o := object{}
		if yaml.Unmarshal([]byte(document), &o) == nil && len(o) > 0 {
			found = append(found, o)
		}
	}
	return found
}

func toAny(objects []object) []any {
	found := []any{}
	for _, o := range objects {
		found = append(found, o)
	}
	return found
}

func toObjects(items []any) []object {
	found := []object{}
	for _, item := range items {
		found = append(found, item.(object))
	}
	return found
}

// without the part of this number, counted from the outside; left below zero
// says that there was one.
func without(tree any, left *int) any {
	switch tree := tree.(type) {
	case []any:
		for i := range tree {
			if *left--; *left < 0 {
				return slices.Delete(slices.Clone(tree), i, i+1)
			}
			if tree[i] = without(tree[i], left); *left < 0 {
				return tree
			}
		}
	case object:
		for _, key := range sorted(tree) {
			if key == "apiVersion" || key == "kind" || key == "name" {
				continue
			}
			if *left--; *left < 0 {
				delete(tree, key)
				return tree
			}
			if tree[key] = without(tree[key], left); *left < 0 {
				return tree
			}
		}
	}
	return tree
}

func sorted(o object) []string {
	return slices.Sorted(maps.Keys(o))
}
