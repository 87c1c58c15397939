//! Lines that cannot be read: each fault is told with its cell.

use super::check_line;

/// Faults in what corrects: the line, the column, and what is found there.
const FAULTS_OF_CORRECTIONS: [(&str, u16, &str); 27] = [
    ("confirm,P1", 4, "value="),
    ("scan,P1,0", 4, "value=0"),
    ("customs-opening,B1,0,,CN7,act 7", 4, "value=0"),
    ("void,P1", 7, "note="),
    ("allow,X1,way-closed", 7, "note="),
    ("allow,X1,hold-inside,,,why", 4, "value=hold-inside"),
    ("allow,X1,,,,why", 4, "value="),
    ("customs-opening,B1,1500,,CN7", 7, "note="),
    ("customs-opening,B1,1500,,,act 7", 6, "seal="),
    ("customs-opening,B1,,,CN7,act 7", 4, "value="),
    ("customs-opening,P1,1500,,CN7,act 7", 3, "subject=P1"),
    ("open-container,X1", 7, "note="),
    ("released-in-part,P1,2", 7, "note="),
    ("released-in-part,P1,0,,,act 7", 4, "value=0"),
    ("released-in-part,P1,\"2,3\",,,act 7", 4, "value=2,3"),
    ("released-in-part,P1,65536,,,act 7", 4, "value=65536"),
    ("recall,P1", 7, "note="),
    ("list-receptacle,P1,TBJU0024184", 3, "subject=P1"),
    ("list-receptacle,CNBJSAKZALAACCN60042003000120", 4, "value="),
    ("list-receptacle,CNBJSAKZALAACCN60042003000120,TBJU/1", 4, "value=TBJU/1"),
    ("damage-report,P1", 7, "note="),
    ("conveyance,,X8015", 3, "subject="),
    ("conveyance,a/b", 4, "value="),
    ("conveyance,a/b,x8015", 4, "value=x8015"),
    ("conveyance,a/b,X80150000000000000", 4, "value=X80150000000000000"),
    ("vehicle,TCNU1234565", 4, "value="),
    ("vehicle,TCNU1234565,../etc", 4, "value=../etc"),
];

#[test]
fn finds_every_fault_in_its_cell() {
    let (long, longest) = ("X".repeat(21), "X".repeat(36));
    let seal_too_long = format!("seal,X1,,,{longest}");
    let container_too_long = format!("sign,{long}");
    let too_long = [
        (seal_too_long.as_str(), 6, format!("seal={longest}")),
        (container_too_long.as_str(), 3, format!("subject={long}")),
    ];
    let faults = [
        (",P1", 2, "operation="),
        ("scanned,P1,1", 2, "operation=scanned"),
        ("Scan,P1,1", 2, "operation=Scan"),
        // Where a case begins is nothing that anyone decides.
        ("not-filed,P1", 2, "operation=not-filed"),
        ("redeclare,P1", 2, "operation=redeclare"),
        ("reassess,P1", 2, "operation=reassess"),
        ("scan,,1", 3, "subject="),
        ("scan,  ,1", 3, "subject="),
        ("scan,P1", 4, "value="),
        ("scan,P1,", 4, "value="),
        ("scan,P1,1.5", 4, "value=1.5"),
        ("scan,P1,1 kg", 4, "value=1 kg"),
        ("scan,P1,-1", 4, "value=-1"),
        ("scan,P1,+1", 4, "value=+1"),
        ("scan,P1,１", 4, "value=１"),
        ("scan,P1,100000001", 4, "value=100000001"),
        ("scan,P1,99999999999999999999", 4, "value=99999999999999999999"),
        ("weigh-receptacle,42,1", 3, "subject=42"),
        ("weigh-receptacle,b000042,1", 3, "subject=b000042"),
        ("weigh-receptacle,B,1", 3, "subject=B"),
        ("weigh-receptacle,B-1,1", 3, "subject=B-1"),
        ("weigh-receptacle,B+1,1", 3, "subject=B+1"),
        ("weigh-receptacle,B99999999999999999999,1", 3, "subject=B99999999999999999999"),
        ("weigh-receptacle,B1,", 4, "value="),
        ("settle-receptacle,P1", 3, "subject=P1"),
        ("merge,P1,B1", 3, "subject=P1"),
        ("merge,B1", 4, "value="),
        ("merge,B1,P1", 4, "value=P1"),
        ("receive-receptacle,CNBJSAKZALAACCN6004200300012,1", 3, "subject=CNBJSAKZALAACCN6004200300012"),
        ("receive-receptacle,CNBJSAKZALAACCN60042000000120,1", 3, "subject=CNBJSAKZALAACCN60042000000120"),
        ("receive-receptacle,CNBJSAKZALAACCN60042003000120,", 4, "value="),
        ("announce,XJF10001", 5, "departure="),
        ("receive-container,X1,1,,S1,1", 5, "departure="),
        ("receive-container,X1,,a/b,S1,1", 4, "value="),
        ("receive-container,X1,1,a/b,,1", 6, "seal="),
        ("receive-container,X1,1,a/b,S1,", 7, "note="),
        ("receive-container,X1,1,a/b,S1,many", 7, "note=many"),
        ("receive-container,X1,1,a/b,S1,4294967296", 7, "note=4294967296"),
        ("seal,X1", 6, "seal="),
        ("seal,X1,,,\"S1\nSEAL 2\"", 6, "seal=S1\nSEAL 2"),
        ("transfer-number,X1", 4, "value="),
        ("transfer-number,X1,\"T1\tT2\"", 4, "value=T1\tT2"),
        // What names a container also names its papers' folder.
        ("sign,", 3, "subject="),
        ("sign,..", 3, "subject=.."),
        ("sign,../../etc", 3, "subject=../../etc"),
        ("sign,/etc", 3, "subject=/etc"),
        ("sign,C:X", 3, "subject=C:X"),
        ("sign,X\\Y", 3, "subject=X\\Y"),
        ("sign,X Y", 3, "subject=X Y"),
        ("sign,X.txt", 3, "subject=X.txt"),
        ("sign,\"X\nY\"", 3, "subject=X\nY"),
        ("sign,X\u{202e}Y", 3, "subject=X\u{202e}Y"),
        ("sign,X\u{0}Y", 3, "subject=X\u{0}Y"),
    ];
    let faults = faults.map(|(line, column, found)| (line, column, found.to_owned()));
    let corrections = FAULTS_OF_CORRECTIONS.map(|(line, column, found)| (line, column, found.to_owned()));
    for (line, column, found) in faults.into_iter().chain(too_long).chain(corrections) {
        let expected = format!("row 2, column {column}: operation-unreadable {found}");
        check_line(&format!("2026-11-16T10:00:05,{line}"), &expected);
    }
    // The time is read first: its fault is the one that is told.
    check_line("yesterday,scanned,P1", "row 2, column 1: operation-unreadable at=yesterday");
}

#[test]
fn finds_every_fault_about_mail_from_abroad() {
    for (line, column, found) in [
        ("open-receptacle,B000001", 3, "subject=B000001"),
        ("open-receptacle,DEFRAACNURCAACN60042", 3, "subject=DEFRAACNURCAACN60042"),
        ("close-arrival,DEFRAACNURCAACN60042001", 3, "subject=DEFRAACNURCAACN60042001"),
        ("close-arrival,", 3, "subject="),
        ("duty-due,P1", 4, "value="),
        ("duty-due,P1,26.00", 4, "value=26.00"),
        ("duty-due,P1,CNY", 4, "value=CNY"),
        ("duty-due,P1,26.00 cny", 4, "value=26.00 cny"),
        ("duty-due,P1,26.001 CNY", 4, "value=26.001 CNY"),
        ("duty-due,P1,-26.00 CNY", 4, "value=-26.00 CNY"),
        ("paid,P1", 4, "value="),
        ("forward,P1", 4, "value="),
        // What names a run also names its list.
        ("forward,P1,../x", 4, "value=../x"),
        ("advise,DEFRAACNURCAACN60042,x", 2, "operation=advise"),
    ] {
        let expected = format!("row 2, column {column}: operation-unreadable {found}");
        check_line(&format!("2026-11-16T10:00:05,{line}"), &expected);
    }
}
