#if MPI
  import CoppiceModel
  import CoppiceProcessGroup

  /// A message on its way between processes: a byte for its kind, two for the length of its name, the name, the rest.
  enum MPIMessage {
    /// A message of an operation.
    case named(String, [UInt8])
    /// The group is broken.
    case breakage(CoppiceError)
    /// A rank sends nothing more, because of an error if there is one.
    case end(rank: Int, CoppiceError?)

    var bytes: [UInt8] {
      switch self {
      case .named(let name, let payload):
        var bytes: [UInt8] = []
        bytes.reserveCapacity(3 + name.utf8.count + payload.count)
        bytes += [0, UInt8(name.utf8.count & 255), UInt8(name.utf8.count >> 8)]
        bytes += name.utf8
        bytes += payload
        return bytes
      case .breakage(let error): return [1] + error.messageBytes
      case .end(let rank, let error):
        var writer = MessageWriter()
        writer.write(UInt8(2))
        writer.write(rank)
        writer.write(error?.messageBytes ?? [])
        return writer.bytes
      }
    }

    init?(_ bytes: [UInt8]) {
      switch bytes.first {
      case 0 where bytes.count >= 3:
        let end = 3 + Int(bytes[1]) + Int(bytes[2]) << 8
        guard end <= bytes.count else { return nil }
        self = .named(String(decoding: bytes[3..<end], as: UTF8.self), Array(bytes[end...]))
      case 1:
        guard let error = CoppiceError(messageBytes: bytes.dropFirst()) else { return nil }
        self = .breakage(error)
      case 2:
        var reader = MessageReader(bytes.dropFirst())
        guard let rank = reader.integer(), let field = reader.field() else { return nil }
        self = .end(rank: rank, CoppiceError(messageBytes: field))
      default: return nil
      }
    }
  }
#endif
