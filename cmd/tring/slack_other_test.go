//go:build !linux

package main

import "os/exec"

func startUsual(cmd *exec.Cmd) error { return cmd.Start() }
