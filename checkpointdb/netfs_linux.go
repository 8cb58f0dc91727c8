package checkpointdb

import "syscall"

// filesystemMagic is the number by which statfs(2) tells filesystems apart.
func filesystemMagic(dir string) (uint32, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return uint32(s.Type), nil
}
