#pragma once
// HDF5 spells its flags, predefined types and property-list classes as macros that call H5open() and
// read a mutable global: Swift imports neither. Each function below gives one of them a name. The
// rest adapts what Swift can't say (unions, callbacks with budgets) or what differs between versions.

// From HDF5 1.12 on, unversioned names mean newer functions; this selects those of 1.10.
#define H5_USE_110_API 1
#include <errno.h>
#include <hdf5.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Flags.
static inline unsigned chdf5_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_acc_excl(void) { return H5F_ACC_EXCL; }
static inline unsigned chdf5_acc_trunc(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_obj_all_local(void) { return H5F_OBJ_ALL | H5F_OBJ_LOCAL; }
static inline hsize_t chdf5_s_unlimited(void) { return H5S_UNLIMITED; }
static inline haddr_t chdf5_addr_undef(void) { return HADDR_UNDEF; }
static inline size_t chdf5_t_variable(void) { return H5T_VARIABLE; }

// Property-list classes.
static inline hid_t chdf5_p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_p_group_access(void) { return H5P_GROUP_ACCESS; }
static inline hid_t chdf5_p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_p_dataset_access(void) { return H5P_DATASET_ACCESS; }
static inline hid_t chdf5_p_dataset_xfer(void) { return H5P_DATASET_XFER; }
static inline hid_t chdf5_p_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t chdf5_p_link_access(void) { return H5P_LINK_ACCESS; }

// Predefined types, all little-endian: Coppice writes no others.
static inline hid_t chdf5_t_std_i8le(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_t_std_i16le(void) { return H5T_STD_I16LE; }
static inline hid_t chdf5_t_std_i32le(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_t_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_t_std_u8le(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_t_std_u16le(void) { return H5T_STD_U16LE; }
static inline hid_t chdf5_t_std_u32le(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_t_std_u64le(void) { return H5T_STD_U64LE; }
static inline hid_t chdf5_t_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_t_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_t_c_s1(void) { return H5T_C_S1; }

// The properties of a link, without the union in H5L_info_t.
typedef struct chdf5_link {
  const char *name;
  int type;
  uint64_t address;    // of the object, for hard links; in the file's address space
  size_t value_size;   // of the target's description, for the others
} chdf5_link;
typedef herr_t (*chdf5_link_visitor)(const chdf5_link *link, void *context);
typedef struct chdf5_link_visit { chdf5_link_visitor visitor; void *context; } chdf5_link_visit;

static inline chdf5_link chdf5_link_of(const char *name, const H5L_info_t *info) {
  chdf5_link link = { name, (int)info->type, HADDR_UNDEF, 0 };
  if (info->type == H5L_TYPE_HARD) link.address = info->u.address;
  else link.value_size = info->u.val_size;
  return link;
}
static inline herr_t chdf5_l_visit(hid_t group, const char *name, const H5L_info_t *info, void *p) {
  (void)group;
  chdf5_link link = chdf5_link_of(name, info);
  chdf5_link_visit *visit = (chdf5_link_visit *)p;
  return visit->visitor(&link, visit->context);
}
// Passes a group's links to a visitor, by name.
static inline herr_t chdf5_l_iterate(hid_t group, chdf5_link_visitor visitor, void *context) {
  chdf5_link_visit visit = { visitor, context };
  hsize_t index = 0;
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &index, chdf5_l_visit, &visit);
}

// Returns an object's properties: the address that identifies it, its kind, and its number of links
// and attributes.
static inline void chdf5_facts_of(
    const H5O_info_t *info, uint64_t *address, int *kind, unsigned *links, uint64_t *attributes) {
  *address = info->addr;
  *kind = (int)info->type;
  *links = info->rc;
  *attributes = info->num_attrs;
}
static inline herr_t chdf5_o_get_info(
    hid_t object, uint64_t *address, int *kind, unsigned *links, uint64_t *attributes) {
  H5O_info_t info;
  herr_t status = H5Oget_info2(object, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS);
  if (status >= 0) chdf5_facts_of(&info, address, kind, links, attributes);
  return status;
}
static inline herr_t chdf5_o_get_info_by_name(
    hid_t location, const char *name, uint64_t *address, int *kind, unsigned *links,
    uint64_t *attributes, hid_t access) {
  H5O_info_t info;
  herr_t status = H5Oget_info_by_name2(
      location, name, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS, access);
  if (status >= 0) chdf5_facts_of(&info, address, kind, links, attributes);
  return status;
}

// Refuses an external link in a path: no other file is ever opened.
static inline herr_t chdf5_refuse_external(
    const char *file, const char *group, const char *target, const char *object,
    unsigned *flags, hid_t access, void *context) {
  (void)file; (void)group; (void)target; (void)object; (void)flags; (void)access; (void)context;
  return -1;
}
static inline herr_t chdf5_p_refuse_external_links(hid_t list) {
  return H5Pset_elink_cb(list, chdf5_refuse_external, NULL);
}

// Reads an attribute's references to texts as the file has them: a length of four bytes, then the
// location. Reading the texts themselves would allocate whatever the lengths say, without a budget.
// libhdf5 returns the references through a conversion to bytes that leaves them unchanged.
static inline herr_t chdf5_leave_bytes(hid_t from, hid_t to, H5T_cdata_t *data, size_t count,
                                       size_t stride, size_t background_stride, void *bytes,
                                       void *background, hid_t list) {
  (void)from, (void)to, (void)count, (void)stride, (void)background_stride;
  (void)bytes, (void)background, (void)list;
  if (data->command == H5T_CONV_INIT) data->need_bkg = H5T_BKG_NO;
  return 0;
}
static inline herr_t chdf5_a_read_references(hid_t attribute, hid_t type, size_t width, void *buffer) {
  hid_t bytes = H5Tcreate(H5T_OPAQUE, width);
  herr_t status = -1;
  if (bytes < 0) return -1;
  if (H5Tregister(H5T_PERS_SOFT, "references", type, bytes, chdf5_leave_bytes) >= 0) {
    status = H5Aread(attribute, bytes, buffer);
    (void)H5Tunregister(H5T_PERS_SOFT, "references", type, bytes, chdf5_leave_bytes);
  }
  (void)H5Tclose(bytes);
  return status;
}

// Allocates memory for variable-length values, up to a budget: a small file can describe more than
// the machine has.
typedef struct chdf5_budget { size_t left; } chdf5_budget;
static inline void *chdf5_budget_take(size_t size, void *budget) {
  chdf5_budget *b = (chdf5_budget *)budget;
  if (size > b->left) return NULL;
  b->left -= size;
  return malloc(size);
}
static inline void chdf5_budget_give(void *memory, void *budget) { (void)budget; free(memory); }
static inline herr_t chdf5_p_set_vlen_budget(hid_t list, chdf5_budget *budget) {
  return H5Pset_vlen_mem_manager(list, chdf5_budget_take, budget, chdf5_budget_give, budget);
}

// The function returns no status, and "no offset" is one of its values.
static inline haddr_t chdf5_d_get_offset(hid_t dataset) { return H5Dget_offset(dataset); }

// In some versions Swift imports haddr_t as a separate type.
static inline herr_t chdf5_d_get_chunk_info(
    hid_t dataset, hid_t space, uint64_t index, hsize_t *offset, unsigned *mask,
    uint64_t *address, hsize_t *size) {
  haddr_t found = HADDR_UNDEF;
  herr_t status = H5Dget_chunk_info(dataset, space, index, offset, mask, &found, size);
  *address = found;
  return status;
}

// The function returns an enum whose error value isn't among its cases.
static inline int chdf5_t_get_class(hid_t type) { return (int)H5Tget_class(type); }

// Gets the descriptor of a file that the default driver opened.
static inline herr_t chdf5_f_get_descriptor(hid_t file, int *descriptor) {
  void *handle = NULL;
  herr_t status = H5Fget_vfd_handle(file, H5P_DEFAULT, &handle);
  if (status < 0 || handle == NULL) return -1;
  *descriptor = *(int *)handle;
  return status;
}

// File locking is a property since 1.10.7; older libraries only know the environment variable.
static inline herr_t chdf5_p_set_no_file_locking(hid_t list) {
#if H5_VERSION_GE(1, 10, 7)
  return H5Pset_file_locking(list, 0, 1);
#else
  (void)list;
  return 0;
#endif
}

// A driver that reads through a descriptor that is open already, and replaces single bytes on the way.
typedef struct chdf5_patch { uint64_t offset; uint8_t byte; } chdf5_patch;
typedef struct chdf5_patched { int descriptor; const chdf5_patch *patches; size_t count; } chdf5_patched;
typedef struct chdf5_patched_file {
  H5FD_t base;
  haddr_t end;
  haddr_t size;
  int descriptor;
  size_t count;
  chdf5_patch patches[];
} chdf5_patched_file;

static inline H5FD_t *chdf5_patched_open(const char *name, unsigned flags, hid_t access, haddr_t most) {
  (void)name, (void)most;
  const chdf5_patched *source = (const chdf5_patched *)H5Pget_driver_info(access);
  if (source == NULL || (flags & H5F_ACC_RDWR) != 0) return NULL;
  struct stat status;
  if (fstat(source->descriptor, &status) != 0) return NULL;
  chdf5_patched_file *file = calloc(1, sizeof *file + source->count * sizeof(chdf5_patch));
  if (file == NULL) return NULL;
  file->descriptor = source->descriptor;
  file->size = (haddr_t)status.st_size;
  file->count = source->count;
  if (source->count > 0) memcpy(file->patches, source->patches, source->count * sizeof(chdf5_patch));
  return (H5FD_t *)file;
}
static inline herr_t chdf5_patched_close(H5FD_t *file) { free(file); return 0; }
static inline herr_t chdf5_patched_query(const H5FD_t *file, unsigned long *features) {
  (void)file;
  if (features != NULL) *features = 0;
  return 0;
}
static inline haddr_t chdf5_patched_get_eoa(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const chdf5_patched_file *)file)->end;
}
static inline herr_t chdf5_patched_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t end) {
  (void)type;
  ((chdf5_patched_file *)file)->end = end;
  return 0;
}
static inline haddr_t chdf5_patched_get_eof(const H5FD_t *file, H5FD_mem_t type) {
  (void)type;
  return ((const chdf5_patched_file *)file)->size;
}
static inline herr_t chdf5_patched_get_handle(H5FD_t *file, hid_t access, void **handle) {
  (void)access;
  *handle = &((chdf5_patched_file *)file)->descriptor;
  return 0;
}
static inline herr_t chdf5_patched_read(
    H5FD_t *base, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, void *buffer) {
  (void)type, (void)list;
  chdf5_patched_file *file = (chdf5_patched_file *)base;
  uint8_t *bytes = (uint8_t *)buffer;
  size_t done = 0;
  while (done < size) {
    ssize_t count = pread(file->descriptor, bytes + done, size - done, (off_t)(address + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -1;
    // Beyond the end there are zeros, as with the default driver.
    if (count == 0) { memset(bytes + done, 0, size - done); break; }
    done += (size_t)count;
  }
  size_t low = 0, high = file->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (file->patches[middle].offset < address) low = middle + 1; else high = middle;
  }
  for (; low < file->count && file->patches[low].offset - address < size; low++)
    bytes[file->patches[low].offset - address] = file->patches[low].byte;
  return 0;
}
static inline herr_t chdf5_patched_write(
    H5FD_t *file, H5FD_mem_t type, hid_t list, haddr_t address, size_t size, const void *buffer) {
  (void)file, (void)type, (void)list, (void)address, (void)size, (void)buffer;
  return -1;
}
static inline hid_t chdf5_f_open_patched(
    int descriptor, const chdf5_patch *patches, size_t count, hid_t access) {
  static const H5FD_class_t driver = {
#ifdef H5FD_CLASS_VERSION
    .version = H5FD_CLASS_VERSION,
    .value = (H5FD_class_value_t)511,
#endif
    .name = "coppice_patched",
    .maxaddr = (haddr_t)INT64_MAX,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(chdf5_patched),
    .open = chdf5_patched_open,
    .close = chdf5_patched_close,
    .query = chdf5_patched_query,
    .get_eoa = chdf5_patched_get_eoa,
    .set_eoa = chdf5_patched_set_eoa,
    .get_eof = chdf5_patched_get_eof,
    .get_handle = chdf5_patched_get_handle,
    .read = chdf5_patched_read,
    .write = chdf5_patched_write,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
  };
  static hid_t registered = -1;
  if (registered < 0) registered = H5FDregister(&driver);
  if (registered < 0) return -1;
  chdf5_patched source = { descriptor, patches, count };
  if (H5Pset_driver(access, registered, &source) < 0) return -1;
  return H5Fopen("patched", H5F_ACC_RDONLY, access);
}
