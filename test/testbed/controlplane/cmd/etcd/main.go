// Command etcd is etcd's own server: its module offers it as a package, not as a program that another module can build.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
