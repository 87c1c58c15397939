//! What can be wrong with an interchange and with the messages that are read here.

caravan_postal::codes! {
    /// There is nothing in the file.
    EMPTY = "edi-empty", Fatal, [];
    /// UNA states service characters that cannot separate.
    SEPARATORS = "edi-separators", Fatal, [found];
    /// The last segment has no terminator.
    SEGMENT_CUT = "edi-segment-cut", Fatal, [];
    /// A segment does not begin with a tag of three capital letters or digits.
    TAG = "edi-tag", Fatal, [found];
    /// A bound of reading was passed.
    LIMIT = "edi-limit", Fatal, [limit, allowed];
    /// There are more findings than are kept.
    FINDINGS_CUT = "edi-findings-cut", Fatal, [allowed];
    /// The character repertoire is none that is read here.
    CHARSET = "edi-charset", Warning, [found];
    /// The syntax version is none that is known.
    SYNTAX_VERSION = "edi-syntax-version", Warning, [found];
    /// The interchange does not begin with UNB.
    HEADER_MISSING = "edi-header-missing", Fatal, [found];
    /// UNB lacks something that it must have.
    HEADER_FIELD = "edi-header-field", Fatal, [name];
    /// The date and time of UNB cannot be read.
    HEADER_TIME = "edi-header-time", Fatal, [found];
    /// A message has no UNT before something else begins.
    MESSAGE_OPEN = "edi-message-open", Fatal, [reference];
    /// A trailer is missing: UNT, UNE or UNZ.
    TRAILER_MISSING = "edi-trailer-missing", Fatal, [segment];
    /// A trailer counts otherwise than what is there.
    COUNT = "edi-count", Fatal, [segment, found, expected];
    /// A trailer repeats another reference than its header has.
    REFERENCE = "edi-reference", Fatal, [segment, found, expected];
    /// A segment stands where none can.
    SEGMENT_STRAY = "edi-segment-stray", Fatal, [segment];
    /// Something follows the end of the interchange.
    AFTER_END = "edi-after-end", Fatal, [bytes];

    /// Another character set than the declared one was met, and read.
    CHARSET_DIFFERS = "edi-charset-differs", Warning, [declared, found];
    /// Characters beyond ASCII follow each other as no text in the declared character set does; they were read as declared.
    CHARSET_DOUBTFUL = "edi-charset-doubtful", Warning, [declared];
    /// Bytes that the declared character set does not have; the value was left out.
    TEXT_UNREADABLE = "edi-text-unreadable", Hold, [declared, byte];
    /// A line break stands inside a segment, where no character repertoire of ISO 9735 has one; it was kept.
    LINE_BREAK = "edi-line-break", Warning, [];
    /// A message of another kind than the file is read for; it was passed over.
    MESSAGE_FOREIGN = "edi-message-foreign", Warning, [found];
    /// The profile knows nothing at this place of the segment; the value was kept aside.
    COMPONENT_UNKNOWN = "edi-component-unknown", Warning, [segment];

    /// The message is of another version or release than the profile it is read by.
    PROFILE_FALLBACK = "edi-profile-fallback", Remark, [found, profile];
    /// The profile knows no such segment at this place.
    SEGMENT_UNKNOWN = "edi-segment-unknown", Warning, [segment];
    /// A segment that may stand once stands again.
    SEGMENT_REPEATED = "edi-segment-repeated", Warning, [segment];
    /// A segment that the profile asks for is not there.
    SEGMENT_MISSING = "edi-segment-missing", Warning, [segment];
    /// A fixed value is another one than the profile has; the segment is not used.
    VALUE_UNEXPECTED = "edi-value-unexpected", Warning, [segment, found, expected];

    /// A segment lacks a value that the profile asks for.
    VALUE_MISSING = "edi-value-missing", Warning, [segment, field];
    /// A segment has a value where the profile has none; it was not used.
    VALUE_UNREAD = "edi-value-unread", Remark, [segment];

    /// A dispatch identifier cannot be read.
    DISPATCH_UNREADABLE = "edi-dispatch-unreadable", Hold, [found];
    /// A message about a dispatch or a consignment names no receptacle.
    RECEPTACLES_MISSING = "edi-receptacles-missing", Hold, [];
    /// A receptacle identifier cannot be read.
    RECEPTACLE_UNREADABLE = "edi-receptacle-unreadable", Hold, [found];
    /// A receptacle is of another dispatch than the message is about.
    RECEPTACLE_FOREIGN = "edi-receptacle-foreign", Hold, [receptacle, dispatch];
    /// A receptacle is named twice in one message.
    RECEPTACLE_REPEATED = "edi-receptacle-repeated", Warning, [receptacle];
    /// A weight cannot be read.
    WEIGHT_UNREADABLE = "edi-weight-unreadable", Warning, [found];
    /// The weight stated is another one than the identifier has.
    WEIGHT_DIFFERS = "edi-weight-differs", Warning, [receptacle, found, printed];
    /// The subclass stated is another one than the identifier has.
    SUBCLASS_DIFFERS = "edi-subclass-differs", Warning, [receptacle, found, printed];
    /// A date and time cannot be read.
    TIME_UNREADABLE = "edi-time-unreadable", Warning, [found];
    /// A code is in no list.
    CODE_UNKNOWN = "edi-code-unknown", Warning, [field, found];
    /// A number of things cannot be read.
    COUNT_UNREADABLE = "edi-count-unreadable", Warning, [found];
    /// A total or a repetition in a message does not agree with the rest of it.
    FIELD_DIFFERS = "edi-field-differs", Warning, [field, found, expected];
    /// An amount of money cannot be read.
    AMOUNT_UNREADABLE = "edi-amount-unreadable", Warning, [found];
    /// An item identifier cannot be read.
    ITEM_UNREADABLE = "edi-item-unreadable", Hold, [found];
    /// A message about a consignment does not say which.
    CONSIGNMENT_MISSING = "edi-consignment-missing", Hold, [];
    /// A receptacle is said to be in a container that the message does not describe.
    UNIT_UNKNOWN = "edi-unit-unknown", Warning, [receptacle, found];
    /// An event code that is in no list.
    EVENT_UNKNOWN = "edi-event-unknown", Hold, [found];
    /// An event without its time.
    EVENT_TIME_MISSING = "edi-event-time-missing", Hold, [event];
    /// An event that must have a reason has none.
    REASON_MISSING = "edi-reason-missing", Warning, [event, list];
    /// A reason that is not in the list that is known for it.
    REASON_UNKNOWN = "edi-reason-unknown", Warning, [event, list, found];
    /// An event happened before one that it must follow.
    EVENT_ORDER = "edi-event-order", Hold, [item, event, before];
    /// An event has not happened yet by its time.
    EVENT_FUTURE = "edi-event-future", Hold, [item, event];
    /// The flag of the highest number is missing on the last receptacle that was announced, or stands on another.
    HIGHEST_FLAG = "edi-highest-flag", Warning, [receptacle];
    /// A label says otherwise than the items whether registered or insured ones are inside.
    REGISTERED_FLAG = "edi-registered-flag", Warning, [receptacle];
    /// Receptacle numbers of a dispatch are left out.
    SERIAL_GAP = "edi-serial-gap", Warning, [dispatch, from, to];

    /// The interchange is of another pair of addresses than it was held against.
    CONTROL_FOREIGN = "edi-control-foreign", Hold, [sender, recipient];
    /// The interchange is a test and changes nothing.
    CONTROL_TEST = "edi-control-test", Remark, [reference];
    /// The interchange reference has been used before between the two addresses.
    CONTROL_DUPLICATE = "edi-control-duplicate", Hold, [sender, reference];
    /// Interchange references are left out.
    CONTROL_GAP = "edi-control-gap", Warning, [sender, from, to];
    /// An interchange came whose reference is below that of one before it.
    CONTROL_BACK = "edi-control-back", Warning, [sender, reference, last];
    /// Two messages of one interchange have the same reference.
    MESSAGE_REFERENCE_REPEATED = "edi-message-reference-repeated", Warning, [reference];

    /// A receptacle that was advised is not among those received.
    MATCH_MISSING = "match-missing", Hold, [receptacle, subject];
    /// A receptacle that was received was not advised.
    MATCH_EXTRA = "match-extra", Hold, [receptacle, subject];
    /// A receptacle was received by an office that it was not made up for.
    MATCH_MIS_SENT = "match-mis-sent", Hold, [receptacle, destination, subject];
    /// A receptacle was told or received more than once.
    MATCH_DUPLICATE = "match-duplicate", Warning, [receptacle, subject];
    /// A receptacle has another weight than was told.
    MATCH_WEIGHT = "match-weight", Hold, [receptacle, told, received];
    /// A flag of a receptacle is another one than was told.
    MATCH_FLAG = "match-flag", Warning, [receptacle, flag, told, received];
    /// A receptacle has a status of which it is not known that it means received.
    MATCH_STATUS = "match-status", Hold, [receptacle, status];
    /// Dispatch numbers of a series have not come, and others after them have.
    MATCH_NUMBER_GAP = "match-number-gap", Hold, [series, year, from, to];
    /// A dispatch number of a series came twice.
    MATCH_NUMBER_REPEATED = "match-number-repeated", Warning, [series, year, number];
    /// A dispatch was announced without some of its receptacles, though later numbers of it are.
    MATCH_SERIAL_GAP = "match-serial-gap", Hold, [dispatch, from, to];
    /// A carrier says that it lost a receptacle.
    MATCH_LOST = "match-lost", Hold, [receptacle, subject];
    /// A carrier gave a receptacle back.
    MATCH_RETURNED = "match-returned", Hold, [receptacle, subject];
    /// A carrier left a receptacle behind.
    MATCH_NOT_LOADED = "match-not-loaded", Hold, [receptacle, subject];
    /// A carrier has a receptacle and did not hand it over in time.
    MATCH_NOT_DELIVERED = "match-not-delivered", Hold, [receptacle, subject];
}
