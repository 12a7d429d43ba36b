#pragma once
// System calls that Swift's import of the C library leaves out, because its headers show them only to
// programs that define _GNU_SOURCE before including anything.

#include <stdint.h>
#include <sys/types.h>

// renameat2(2): rename that refuses to replace, or that swaps. Returns 0 or an error number;
// ENOSYS where the system has no such call.
int cplatform_rename(const char *_Nonnull from, const char *_Nonnull to, uint32_t flags);

#define CPLATFORM_RENAME_NOREPLACE 1u
#define CPLATFORM_RENAME_EXCHANGE 2u

// Opens a file for writing past the page cache. Returns the descriptor, or -1 where the system or the
// file system has no such thing.
int cplatform_open_direct(const char *_Nonnull path);

// fallocate(2): takes a file's blocks at once. Returns 0 or an error number: EOPNOTSUPP, ENOTSUP or
// ENOSYS where there is no such call, ENOSPC where there is no room.
int cplatform_reserve(int file, int64_t count);

// statfs(2): the bytes that a file system has left. -1 where that isn't known: on other systems, and
// where what is written may be compressed.
int64_t cplatform_room(const char *_Nonnull path);

// sync_file_range(2) with SYNC_FILE_RANGE_WRITE: begins writing dirty pages out, without waiting.
void cplatform_start_writeback(int file, int64_t offset, int64_t count);

// prctl(2): ends this process when the thread that started it ends, and takes from it the means to gain
// privileges. Nothing on other systems.
void cplatform_confine_worker(void);

// The file of the running program, without symbolic links: memory that the caller frees. NULL where the
// system doesn't tell.
char *_Nullable cplatform_executable_path(void);
