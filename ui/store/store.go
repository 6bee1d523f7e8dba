// Package store keeps what outlives the program, in one SQLite file.
package store

import _ "modernc.org/sqlite" // the driver
