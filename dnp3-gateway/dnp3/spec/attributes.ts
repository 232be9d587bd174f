/** Device attributes (Annex A, group 0): data types of their values, and the names of the standard ones. */

/** Data type octet of an attribute value. */
export const AttributeType = {
  text: 1,
  unsigned: 2,
  signed: 3,
  float: 4,
  octets: 5,
  bits: 6,
  time: 7,
  list: 254,
} as const

/** Variations that ask for more than one attribute. */
export const ALL_ATTRIBUTES = 254
export const ATTRIBUTE_LIST = 255

/** Names of the attributes that every device profile uses; the others go by their variation. */
export const ATTRIBUTE_NAMES: Readonly<Record<number, string>> = {
  196: 'configuration id',
  197: 'configuration version',
  198: 'configuration build date',
  199: 'configuration last change',
  209: 'secure authentication version',
  211: 'user-specific attributes',
  212: 'master-defined data sets',
  215: 'outstation-defined data sets',
  216: 'max binary output requests',
  217: 'local timing accuracy',
  218: 'duration of timing accuracy',
  219: 'support for analog output events',
  220: 'max analog output index',
  221: 'number of analog outputs',
  222: 'support for binary output events',
  223: 'max binary output index',
  224: 'number of binary outputs',
  225: 'support for frozen counter events',
  226: 'support for frozen counters',
  227: 'support for counter events',
  228: 'max counter index',
  229: 'number of counters',
  230: 'support for frozen analogs',
  231: 'support for analog events',
  232: 'max analog index',
  233: 'number of analogs',
  234: 'support for double-bit events',
  235: 'max double-bit index',
  236: 'number of double-bits',
  237: 'support for binary events',
  238: 'max binary index',
  239: 'number of binaries',
  240: 'max transmit fragment',
  241: 'max receive fragment',
  242: 'software version',
  243: 'hardware version',
  244: 'owner name',
  245: 'location',
  246: 'user id',
  247: 'user device name',
  248: 'serial number',
  249: 'subset and conformance',
  250: 'product name and model',
  252: 'manufacturer',
}
