package conn

import "database/sql/driver"

// Int returns a column's integer, 0 if it is NULL.
func Int(v driver.Value) int64 {
	n, _ := v.(int64)
	return n
}

// Blob returns a column's bytes, nil if it is NULL.
func Blob(v driver.Value) []byte {
	b, _ := v.([]byte)
	return b
}

// NotNull returns b, or an empty blob for nil, which SQLite would store as NULL.
func NotNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
