import CCoppiceZip
import CoppiceModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The directory of an archive, opened in libzip: the members and their locations.
@safe struct ZipDirectory: ~Copyable {
  /// The directory's entry of one member.
  struct Entry {
    var name: String
    /// The name's bytes, whatever character set they are in.
    var rawName: [UInt8]
    var byteCount: Int
    var codedByteCount: Int
    var method: Int32
    var isEncrypted: Bool
    var crc32: UInt32
  }

  private let archive: OpaquePointer
  private let source: ObservedSource

  /// The most bytes of the directory, including those that libzip reads to find it.
  private static let maximumBytes = 64 << 20

  /// Finds and reads the directory.
  init(_ bytes: any ByteSource) throws(CoppiceError) {
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
    // libzip doesn't retain the source that it calls.
    withExtendedLifetime(source) {}
  }

  var count: Int { unsafe Int(zip_get_num_entries(archive, 0)) }

  /// Returns the directory's entry of a member.
  func entry(_ index: Int) throws(CoppiceError) -> Entry {
    var status = unsafe zip_stat_t()
    unsafe zip_stat_init(&status)
    let needed = UInt64(
      ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_CRC)
    guard unsafe zip_stat_index(archive, UInt64(index), 0, &status) == 0,
      unsafe status.valid & needed == needed, let name = unsafe status.name,
      let rawName = unsafe zip_get_name(archive, UInt64(index), zip_flags_t(ZIP_FL_ENC_RAW)),
      let byteCount = unsafe Int(exactly: status.size),
      let codedByteCount = unsafe Int(exactly: status.comp_size)
    else { throw unreadable(index) }
    return unsafe Entry(
      name: String(cString: name),
      rawName: Array(UnsafeRawBufferPointer(start: rawName, count: strlen(rawName))),
      byteCount: byteCount, codedByteCount: codedByteCount,
      method: Int32(status.comp_method), isEncrypted: status.encryption_method != 0,
      crc32: status.crc)
  }

  /// Returns the offset of the header before a member's content.
  func headerOffset(_ index: Int) throws(CoppiceError) -> Int {
    source.firstSeek = nil
    source.budget = 1 << 17
    // libzip seeks to the lengths in the header, whatever it finds there.
    _ = unsafe zip_file_extra_fields_count(archive, UInt64(index), zip_flags_t(ZIP_FL_LOCAL))
    if let failure = source.failure { throw failure }
    guard let place = source.firstSeek, place >= Self.lengthsOffset else {
      throw unreadable(index)
    }
    return place - Self.lengthsOffset
  }

  /// The offset of the lengths of name and extra fields in a header.
  private static let lengthsOffset = 26

  private func unreadable(_ index: Int) -> CoppiceError {
    // Where the archive's bytes and not the system refuse, libzip adds the system's word for no error.
    let reason = unsafe String(cString: zip_strerror(archive)).replacing(": Success", with: "")
    return CoppiceError(
      .zipMember,
      "member \(index) of the archive can't be read (\(reason.printable)); the archive is damaged")
  }
}
