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

    /// The dispatch identifier of a dispatch response cannot be read.
    DISPATCH_UNREADABLE = "resdes-dispatch-unreadable", Hold, [found];
    /// A dispatch response names no receptacle.
    RECEPTACLES_MISSING = "resdes-receptacles-missing", Hold, [];
    /// A receptacle identifier cannot be read.
    RECEPTACLE_UNREADABLE = "resdes-receptacle-unreadable", Hold, [found];
    /// A receptacle is of another dispatch than the response is about.
    RECEPTACLE_FOREIGN = "resdes-receptacle-foreign", Hold, [receptacle, dispatch];
    /// A receptacle is reported twice in one response.
    RECEPTACLE_REPEATED = "resdes-receptacle-repeated", Warning, [receptacle];
    /// A weight cannot be read.
    WEIGHT_UNREADABLE = "resdes-weight-unreadable", Warning, [found];
    /// The weight reported is another one than the identifier has.
    WEIGHT_DIFFERS = "resdes-weight-differs", Warning, [receptacle, found, printed];
    /// The subclass reported is another one than the identifier has.
    SUBCLASS_DIFFERS = "resdes-subclass-differs", Warning, [receptacle, found, printed];
    /// A date and time cannot be read.
    TIME_UNREADABLE = "resdes-time-unreadable", Warning, [found];
    /// A code is in no list.
    CODE_UNKNOWN = "resdes-code-unknown", Warning, [field, found];
}
