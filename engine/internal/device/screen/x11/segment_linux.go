package x11

import "golang.org/x/sys/unix"

// segment is memory that the server writes into. Nobody can make it shorter
// while it is attached, so reading it is safe.
type segment struct {
	id     uint32 // on the server
	system int    // in the kernel
	memory []byte
}

// newSegment gives nil where the system has no memory to share.
func newSegment(id uint32, size int) *segment {
	system, err := unix.SysvShmGet(unix.IPC_PRIVATE, size, unix.IPC_CREAT|0o600)
	if err != nil {
		return nil
	}
	s := &segment{id: id, system: system}
	if s.memory, err = unix.SysvShmAttach(system, 0, 0); err != nil {
		s.unlink()
		return nil
	}
	return s
}

// unlink lets the kernel free the memory once nobody has it attached, however
// the program ends.
func (s *segment) unlink() { _, _ = unix.SysvShmCtl(s.system, unix.IPC_RMID, nil) }

func (s *segment) close() error {
	memory := s.memory
	s.memory = nil
	return unix.SysvShmDetach(memory)
}
