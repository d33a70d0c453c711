package mem_test

import (
	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
)

var (
	_ engine.Store    = mem.New()
	_ engine.Follower = mem.New()
)
