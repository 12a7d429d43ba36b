#pragma once
// System calls that Swift's import of the C library lacks, because its headers show them only to
// programs that define _GNU_SOURCE before including anything.

#include <stdint.h>
#include <sys/types.h>

// renameat2(2): renames without replacing a file, or swaps two files. Returns 0 or an error number;
// ENOSYS where the system has no such call.
int cplatform_rename(const char *_Nonnull from, const char *_Nonnull to, uint32_t flags);

#define CPLATFORM_RENAME_NOREPLACE 1u
#define CPLATFORM_RENAME_EXCHANGE 2u

// Opens a file for writing past the page cache. Returns the descriptor, or -1 where the system or
// the file system doesn't support that.
int cplatform_open_direct(const char *_Nonnull path);

// fallocate(2): allocates a file's blocks at once. Returns 0 or an error number: EOPNOTSUPP,
// ENOTSUP or ENOSYS where there is no such call, ENOSPC when the file system has no room.
int cplatform_reserve(int file, int64_t count);

// statfs(2): returns the free bytes of a file system. Returns -1 where that is unknown: on other
// systems, and on file systems that may compress.
int64_t cplatform_room(const char *_Nonnull path);

// sync_file_range(2) with SYNC_FILE_RANGE_WRITE: begins writing dirty pages to disk, without
// waiting.
void cplatform_start_writeback(int file, int64_t offset, int64_t count);

// mkostemp(3) with O_CLOEXEC: makes and opens a file whose name ends in other characters than XXXXXX, which it
// replaces. Returns the descriptor, or -1 with errno set.
int cplatform_make_temporary(char *_Nonnull path);

// prctl(2): ends this process when the thread that started it ends, and prevents it from gaining
// privileges. Does nothing on other systems.
void cplatform_confine_worker(void);

// The file of the running program, without symbolic links: memory that the caller frees. NULL where the
// system doesn't tell.
char *_Nullable cplatform_executable_path(void);
