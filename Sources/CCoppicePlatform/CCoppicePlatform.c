#define _GNU_SOURCE
#include "CCoppicePlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#endif

int cplatform_rename(const char *from, const char *to, uint32_t flags) {
#if defined(__linux__)
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, flags) == 0 ? 0 : errno;
#elif defined(__APPLE__)
  unsigned int darwin = flags == CPLATFORM_RENAME_EXCHANGE ? RENAME_SWAP : RENAME_EXCL;
  return renamex_np(from, to, darwin) == 0 ? 0 : errno;
#else
  return ENOSYS;
#endif
}

int cplatform_open_direct(const char *path) {
#if defined(__linux__)
  return open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);
#else
  (void)path;
  return -1;
#endif
}

int cplatform_reserve(int file, int64_t count) {
#if defined(__linux__)
  // posix_fallocate is unsuitable: it writes to every block where the file system has no such call.
  int status;
  do {
    status = fallocate(file, 0, 0, count);
  } while (status != 0 && errno == EINTR);
  return status == 0 ? 0 : errno;
#else
  (void)file, (void)count;
  return ENOTSUP;
#endif
}

int64_t cplatform_room(const char *path) {
#if defined(__linux__)
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  switch ((uint32_t)status.f_type) {
  case 0x9123683Eu: // btrfs
  case 0x2FC12FC1u: // ZFS
  case 0xCA451A4Eu: // bcachefs
    return -1;
  }
  int64_t room;
  return __builtin_mul_overflow(status.f_bavail, status.f_bsize, &room) ? -1 : room;
#else
  (void)path;
  return -1;
#endif
}

void cplatform_start_writeback(int file, int64_t offset, int64_t count) {
#if defined(__linux__)
  // This is advice only: a failure costs time, not data, and the sync at the end reports real
  // errors.
  (void)sync_file_range(file, offset, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)file, (void)offset, (void)count;
#endif
}

void cplatform_confine_worker(void) {
#if defined(__linux__)
  // Neither call can fail on a kernel that this runs on.
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
}

char *cplatform_executable_path(void) {
#if defined(__linux__)
  // Where /proc isn't mounted, the name that the kernel was given.
  char *path = realpath("/proc/self/exe", NULL);
  const char *name = (const char *)getauxval(AT_EXECFN);
  return path == NULL && name != NULL ? realpath(name, NULL) : path;
#elif defined(__APPLE__)
  uint32_t size = 0;
  (void)_NSGetExecutablePath(NULL, &size);
  char *name = malloc(size);
  char *path = name != NULL && _NSGetExecutablePath(name, &size) == 0 ? realpath(name, NULL) : NULL;
  free(name);
  return path;
#else
  return NULL;
#endif
}

int cplatform_make_temporary(char *path) { return mkostemp(path, O_CLOEXEC); }
