import SystemPackage

/// A file descriptor that is closed when its last owner releases it.
final class OwnedDescriptor: Sendable {
  let value: FileDescriptor

  init(_ value: FileDescriptor) { self.value = value }

  deinit { try? value.close() }
}
