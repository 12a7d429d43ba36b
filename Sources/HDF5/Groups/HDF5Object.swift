import CHDF5

/// A group or a dataset: what attributes hang on.
package protocol HDF5Object: ~Copyable, Sendable {
  /// libhdf5's identifier, for this module's use.
  var objectID: Int64 { get }
}

/// What an object is, and which.
package struct ObjectInfo: Hashable, Sendable {
  /// The kinds of objects that a file holds.
  package enum Kind: Hashable, Sendable { case group, dataset, datatype, unknown }

  package var kind: Kind
  /// Where the object's header lies: two links to one object give one address.
  package var address: UInt64
  /// The number of hard links to the object.
  package var linkCount: UInt32
  /// The number of attributes.
  package var attributeCount: UInt64

  init(of id: hid_t) throws(HDF5Error) {
    var address: UInt64 = 0
    var kind: Int32 = 0
    var links: UInt32 = 0
    var attributes: UInt64 = 0
    _ = try HDF5Library.call {
      unsafe chdf5_o_get_info(id, &address, &kind, &links, &attributes)
    }
    self.address = address
    self.linkCount = links
    self.attributeCount = attributes
    switch H5O_type_t(rawValue: kind) {
    case H5O_TYPE_GROUP: self.kind = .group
    case H5O_TYPE_DATASET: self.kind = .dataset
    case H5O_TYPE_NAMED_DATATYPE: self.kind = .datatype
    default: self.kind = .unknown
    }
  }
}

extension HDF5Object where Self: ~Copyable {
  /// What the object is, and which.
  package func info() throws(HDF5Error) -> ObjectInfo { try ObjectInfo(of: objectID) }
}
