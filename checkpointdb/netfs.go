package checkpointdb

import "fmt"

// networkFilesystems are those whose locks, or whose shared memory between
// machines, SQLite's write-ahead log can't rely on. Numbers are from statfs(2),
// linux/magic.h and the filesystems' own sources.
var networkFilesystems = map[uint32]string{
	0x00006969: "NFS",
	0x0000517B: "SMB",
	0xFF534D42: "CIFS",
	0xFE534D42: "SMB2",
	0x0BD00BD0: "Lustre",
	0x47504653: "GPFS",
	0x19830326: "BeeGFS",
	0x00C36400: "Ceph",
	0xAAD7AAEA: "PanFS",
	0x20030528: "OrangeFS",
	0x5346414F: "AFS",
	0x6B414653: "AFS",
	0x73757245: "Coda",
	0x0000564C: "NCP",
	0x01021997: "9p",
	0x786F4256: "a VirtualBox shared folder",
	0x65735546: "FUSE (sshfs and others)",
}

// checkFilesystem refuses dir, or the folder in which it would be made, on a
// filesystem of that list.
func checkFilesystem(dir string, magic func(string) (uint32, error)) error {
	parent, err := existingParent(dir)
	if err != nil {
		return fmt.Errorf("checkpointdb: %w", err)
	}
	number, err := magic(parent)
	if err != nil {
		return fmt.Errorf("checkpointdb: filesystem of %s: %w", parent, err)
	}
	if name, found := networkFilesystems[number]; found {
		return &NetworkFSError{dir, name}
	}
	return nil
}
