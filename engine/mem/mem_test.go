package mem_test

import (
	"testing"

	"github.com/stint-city/stint/engine"
	"github.com/stint-city/stint/engine/mem"
	"github.com/stint-city/stint/engine/storetest"
)

var _ engine.Follower = mem.New()

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) engine.Store { return mem.New() })
}
