//! The codes of the findings about whole files that only a station makes.

use caravan_postal::codes;

codes! {
    /// Work on the file broke the process off too often.
    FILE_SET_ASIDE = "file-set-aside", Fatal, [attempts, kept];
    /// The file's bytes cannot be had.
    FILE_UNREADABLE = "file-unreadable", Fatal, [reason];
    /// A customs message is larger than one that is held in memory to verify its signature.
    MESSAGE_TOO_LARGE = "message-too-large", Fatal, [allowed];
    /// A table of operations tells of something that has not happened yet.
    OPERATION_AHEAD = "operation-ahead", Warning, [at];
    /// An interchange comes from an address that nobody has configured.
    SENDER_UNKNOWN = "sender-unknown", Hold, [sender, reference];
    /// An interchange is larger than one that is kept in one transaction.
    INTERCHANGE_TOO_LARGE = "interchange-too-large", Fatal, [allowed];
    /// A message cannot say what it should tell.
    MESSAGE_UNWRITABLE = "message-unwritable", Hold, [message, reason];
    /// The signature holds, and nobody has said whose it should be.
    SIGNATURE_OF_ANYONE = "signature-of-anyone", Remark, [];

    /// Customs answered about something that the station neither filed nor knows a list of.
    CUSTOMS_ANSWER_UNMATCHED = "customs-answer-unmatched", Warning, [message, reference];
    /// How many answers of customs were taken from a file.
    CUSTOMS_ANSWERS_TAKEN = "customs-answers-taken", Remark, [count];
    /// A file has declarations, and answers of customs beside them.
    CUSTOMS_ANSWERS_APART = "customs-answers-apart", Warning, [count];
    /// How many lists to customs a file has.
    CUSTOMS_LISTS = "customs-lists", Remark, [count];
}
