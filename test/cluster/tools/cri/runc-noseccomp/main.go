// Command runc-noseccomp runs the runc beside it after removing the seccomp profile from the container's config.
//
// The kubelet always asks for the RuntimeDefault profile for a pod's sandbox, and a runc that is built without
// libseccomp refuses every container with a profile. Test containers run without seccomp instead, so that no C library
// has to be installed on the host.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "runc-noseccomp:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if dir := bundleDir(args); dir != "" {
		if err := dropSeccomp(filepath.Join(dir, "config.json")); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	runc := filepath.Join(filepath.Dir(self), "runc")
	return syscall.Exec(runc, append([]string{runc}, args[1:]...), os.Environ())
}

// bundleDir returns the value of --bundle (or -b), or "" for the commands that take none.
func bundleDir(args []string) string {
	for i, arg := range args {
		if value, found := strings.CutPrefix(arg, "--bundle="); found {
			return value
		}
		if (arg == "--bundle" || arg == "-b") && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// dropSeccomp keeps every other field as it is: values stay undecoded.
func dropSeccomp(path string) error {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var config, linux map[string]json.RawMessage
	if err := json.Unmarshal(data, &config); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := json.Unmarshal(config["linux"], &linux); err != nil {
		return fmt.Errorf("%s: linux: %w", path, err)
	}
	delete(linux, "seccomp")
	if config["linux"], err = json.Marshal(linux); err != nil {
		return err
	}
	if data, err = json.Marshal(config); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}
