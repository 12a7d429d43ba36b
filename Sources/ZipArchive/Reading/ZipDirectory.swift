import CZip
import CoppiceModel

/// The directory of an archive, open in libzip: what members there are, and where they lie.
@safe struct ZipDirectory: ~Copyable {
  /// What the directory says of one member.
  struct Entry {
    var name: String
    var byteCount: Int
    var codedByteCount: Int
    var method: Int32
    var isEncrypted: Bool
    var crc32: UInt32
  }

  private let archive: OpaquePointer
  private let source: ObservedSource

  /// The most bytes that the directory may have, with what libzip reads to find it.
  private static let maximumBytes = 64 << 20

  /// Finds and reads the directory.
  init(_ bytes: any ByteSource) throws(CoppiceError) {
    // libzip takes an empty file for an archive of nothing.
    guard bytes.byteCount > 0 else {
      throw CoppiceError(.zipDirectory, "the file is empty; copy it again")
    }
    let observed = ObservedSource(bytes, budget: Self.maximumBytes)
    var error = unsafe zip_error_t()
    let context = unsafe Unmanaged.passUnretained(observed).toOpaque()
    guard
      let source = unsafe zip_source_function_create(ObservedSource.callback, context, &error)
    else { throw .outOfMemory(byteCount: 1 << 10) }
    guard let archive = unsafe zip_open_from_source(source, ZIP_RDONLY, &error) else {
      unsafe zip_source_free(source)
      let reason = unsafe String(cString: zip_error_strerror(&error))
      unsafe zip_error_fini(&error)
      throw observed.failure
        ?? CoppiceError(
          .zipDirectory,
          "the file has no readable zip directory at its end (\(reason.printable)); it is cut off or "
            + "damaged, so copy it again")
    }
    unsafe self.archive = archive
    self.source = observed
  }

  deinit {
    unsafe zip_discard(archive)
    // libzip holds no reference of its own to the source that it calls.
    withExtendedLifetime(source) {}
  }

  var count: Int { unsafe Int(zip_get_num_entries(archive, 0)) }

  /// What the directory says of a member.
  func entry(_ index: Int) throws(CoppiceError) -> Entry {
    var status = unsafe zip_stat_t()
    unsafe zip_stat_init(&status)
    let needed = UInt64(
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC)
    guard unsafe zip_stat_index(archive, UInt64(index), 0, &status) == 0,
      unsafe status.valid & needed == needed, let name = unsafe status.name,
      let byteCount = unsafe Int(exactly: status.size),
      let codedByteCount = unsafe Int(exactly: status.comp_size)
    else { throw unreadable(index) }
    return unsafe Entry(
      name: String(cString: name), byteCount: byteCount, codedByteCount: codedByteCount,
      method: Int32(status.comp_method), isEncrypted: status.encryption_method != 0,
      crc32: status.crc)
  }

  /// Where the header of a member lies that stands before its bytes.
  func headerOffset(_ index: Int) throws(CoppiceError) -> Int {
    source.firstSeek = nil
    source.budget = 1 << 16
    let member = unsafe zip_fopen_index(archive, UInt64(index), zip_flags_t(ZIP_FL_COMPRESSED))
    guard let member = unsafe member else {
      throw source.failure ?? unreadable(index)
    }
    unsafe zip_fclose(member)
    guard let offset = source.firstSeek else { throw unreadable(index) }
    return offset
  }

  private func unreadable(_ index: Int) -> CoppiceError {
    let reason = unsafe String(cString: zip_strerror(archive))
    return CoppiceError(
      .zipMember,
      "member \(index) of the archive can't be read (\(reason.printable)); the archive is damaged")
  }
}
