package config

import (
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// filterKeys are the keys that can have a saved filter.
var filterKeys = []string{"F1", "F2", "F3", "F4"}

// savedFilters reads the filters of the keys: {F1: "is:failed kind:order"}.
func savedFilters(c *Config, n node.Node) error {
	return n.Fields(filterKeys, func(key string, value node.Node) error {
		expr, err := value.Text()
		if err != nil {
			return err
		}
		if _, err := filter.Parse(expr); err != nil {
			return value.Wrong("filters: %s: %w", key, plainFilterError(err))
		}
		c.Filters[key[1]-'1'] = expr
		return nil
	})
}
