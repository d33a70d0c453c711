package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Cluster is a Redis Cluster of child servers.
type Cluster struct {
	Masters  []*Server
	Replicas []*Server // the i-th of a master m is Replicas[i*len(Masters)+m]
}

// slots is how many a cluster has.
const slots = 16384

// StartCluster starts a cluster with its slots spread evenly over the masters, each of which has so
// many replicas, in folders below o.Dir. It returns when every node sees the whole cluster at work
// and every replica follows its master.
func StartCluster(ctx context.Context, o Options, masters, replicas int) (*Cluster, error) {
	c := &Cluster{}
	o.Cluster = true
	for i := range masters * (1 + replicas) {
		node := o
		node.Dir = filepath.Join(o.Dir, "node"+strconv.Itoa(i))
		s, err := Start(ctx, node)
		if err != nil {
			return nil, errors.Join(err, c.Stop(ctx))
		}
		if i < masters {
			c.Masters = append(c.Masters, s)
		} else {
			c.Replicas = append(c.Replicas, s)
		}
	}
	if err := c.join(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("join the cluster: %w", err), c.Stop(ctx))
	}
	return c, nil
}

// nodes are all servers, masters first.
func (c *Cluster) nodes() []*Server {
	return append(append([]*Server(nil), c.Masters...), c.Replicas...)
}

// URL is what rdb.Open takes: "redis+cluster://<addr>,<addr>,…".
func (c *Cluster) URL() string {
	var addrs []string
	for _, s := range c.nodes() {
		addrs = append(addrs, s.Addr())
	}
	return "redis+cluster://" + strings.Join(addrs, ",")
}

// Stop stops every node. Nodes killed before are passed over.
func (c *Cluster) Stop(ctx context.Context) error {
	var err error
	for _, s := range c.nodes() {
		err = errors.Join(err, s.Stop(ctx))
	}
	return err
}

// join makes one cluster of the nodes.
func (c *Cluster) join(ctx context.Context) error {
	for i, s := range c.nodes() {
		if err := s.introduce(ctx, i+1, c.Masters[0]); err != nil {
			return err
		}
	}
	for i, s := range c.Masters {
		from, to := i*slots/len(c.Masters), (i+1)*slots/len(c.Masters)-1
		if err := s.do(ctx, "CLUSTER", "ADDSLOTSRANGE", from, to).Err(); err != nil {
			return err
		}
	}
	if err := c.each(ctx, "cluster_known_nodes:"+strconv.Itoa(len(c.nodes()))); err != nil {
		return err
	}
	for i, s := range c.Replicas {
		id, err := c.Masters[i%len(c.Masters)].do(ctx, "CLUSTER", "MYID").Text()
		if err != nil {
			return err
		}
		// A node that doesn't know its master yet says so; gossip takes a moment.
		err = poll(ctx, func() bool { return s.do(ctx, "CLUSTER", "REPLICATE", id).Err() == nil })
		if err != nil {
			return err
		}
	}
	return c.ready(ctx)
}

// ready returns when every node sees all at work and every replica has its link.
func (c *Cluster) ready(ctx context.Context) error {
	if err := c.each(ctx, "cluster_state:ok"); err != nil {
		return err
	}
	if err := c.each(ctx, "cluster_slots_ok:"+strconv.Itoa(slots)); err != nil {
		return err
	}
	for _, s := range c.Replicas {
		err := poll(ctx, func() bool {
			text, err := s.do(ctx, "INFO", "replication").Text()
			return err == nil && strings.Contains(text, "master_link_status:up")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each waits until every node's CLUSTER INFO has a line.
func (c *Cluster) each(ctx context.Context, line string) error {
	for _, s := range c.nodes() {
		err := poll(ctx, func() bool {
			text, err := s.do(ctx, "CLUSTER", "INFO").Text()
			return err == nil && strings.Contains(text, line+"\r\n")
		})
		if err != nil {
			return fmt.Errorf("%s: wait for %s: %w", s.Addr(), line, err)
		}
	}
	return nil
}

// introduce gives a new node an epoch of its own and makes it known to the first one.
func (s *Server) introduce(ctx context.Context, epoch int, first *Server) error {
	if err := s.do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", epoch).Err(); err != nil {
		return err
	}
	if s == first {
		return nil
	}
	host, port, _ := net.SplitHostPort(first.Addr())
	return s.do(ctx, "CLUSTER", "MEET", host, port, first.bus).Err()
}

// do sends one command over a connection of its own.
func (s *Server) do(ctx context.Context, args ...any) *redis.Cmd {
	client := s.client()
	defer func() { _ = client.Close() }()
	return client.Do(ctx, args...)
}
