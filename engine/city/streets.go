package city

import (
	"context"
	"os"
	"path/filepath"

	"github.com/stint-city/stint/geo"
)

// Fence is a parking fence as the street is held against it.
type Fence struct {
	ID    string // the source's, or its number
	Name  string // of the street, where the layer has a column for it
	Shape geo.MultiPolygon
}

// ReadFences reads the parking fences of a city file and nothing else that it names but the
// districts, which a fence must belong to. Their order is that of the layers and files. A city
// without a layer of fences has none.
func ReadFences(ctx context.Context, path string, o Options) ([]Fence, error) {
	data := o.Data
	if data == "" {
		data = filepath.Dir(path)
	}
	r := &reading{ctx: ctx, root: os.DirFS(data), progress: o.Progress}
	if err := r.readFile(path, data); err != nil {
		return nil, err
	}
	if len(r.file.layersOf(fences)) == 0 {
		return nil, nil
	}
	if err := r.readDistricts(); err != nil {
		return nil, err
	}
	if err := r.readFences(); err != nil {
		return nil, err
	}
	var list []Fence
	for _, l := range r.fences {
		for _, s := range l.shapes {
			list = append(list, Fence{ID: s.id, Name: s.name.In("zh"), Shape: s.area})
		}
	}
	return list, nil
}
