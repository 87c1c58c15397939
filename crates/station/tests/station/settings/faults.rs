//! What cannot be meant, field by field.

/// What stands in the settings, what is put there, and what is said of it.
pub(super) const FAULTS: &[(&str, &str, &str)] = &[
    ("\"CNURCA\"", "\"CNURC\"", "`CNURC` cannot be `office.code`: six letters, a country first"),
    ("\"CNURCA\"", "\"ZZURCA\"", "`ZZURCA` cannot be `office.code`: six letters, a country first"),
    ("\"CNA\"", "\"CN\"", "`CN` cannot be `office.operator`: three capital letters or digits"),
    ("\"CNA\"", "\"../\"", "`../` cannot be `office.operator`: three capital letters or digits"),
    ("\"CNA\"", "\"cna\"", "`cna` cannot be `office.operator`: three capital letters or digits"),
    ("\"CN001\"", "\"\"", "`` cannot be `office.edi_address`: capital letters and digits, as CN001"),
    ("\"CN001\"", "\"CN/1\"", "`CN/1` cannot be `office.edi_address`: capital letters and digits, as CN001"),
    (
        "transit_days = 3\n",
        "transit_days = 3\nzone = \"Almaty\"\n",
        "`Almaty` cannot be `partner.zone`: a name of the time-zone database",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nedi_address = \"../KZ\"\n",
        "`../KZ` cannot be `partner.edi_address`: capital letters and digits, as CN001",
    ),
    (
        "\"emsevt-3.0\"",
        "\"resdes\"",
        "`resdes` cannot be `partner.messages`: predes, itmatt, precon, cardit or emsevt, or the name of such a profile",
    ),
    (
        "\"emsevt-3.0\"",
        "\"emsevt-2.0\"",
        "`emsevt-2.0` cannot be `partner.messages`: predes, itmatt, precon, cardit or emsevt, or the name of such a profile",
    ),
    (
        "edi_address = \"PL001\"\n",
        "",
        "`predes` cannot be `partner.messages`: nothing, where there is no edi_address",
    ),
    (
        "weight_tolerance_g = 200\n",
        "retention = { EXB = \"a\" }\n",
        "`EXB = a` cannot be `partner.retention`: EXB, EXD, EDA or EME with a code of one to three capital letters and digits",
    ),
    (
        "weight_tolerance_g = 200\n",
        "retention = { EMB = \"1\" }\n",
        "`EMB = 1` cannot be `partner.retention`: EXB, EXD, EDA or EME with a code of one to three capital letters and digits",
    ),
    (
        "carrier_edi_address = \"CR001\"\n",
        "",
        "`warsaw-rail` cannot be `route.carrier_edi_address`: a route with a carrier_edi_address, because the partner at \
         its end asks for cardit",
    ),
    (
        "carrier_edi_address = \"CR001\"\n",
        "carrier_edi_address = \"CR001\"\ncarrier_code = \"China Railway\"\n",
        "`China Railway` cannot be `route.carrier_code`: up to 17 capital letters and digits",
    ),
    (
        "carrier_edi_address = \"CR001\"\n",
        "carrier_edi_address = \"CR001\"\ntaken_over_at = \"URUMQI\"\n",
        "`URUMQI` cannot be `route.taken_over_at`: a UN/LOCODE like CNCGO",
    ),
    (
        "\"Asia/Shanghai\"",
        "\"Asia/Horgos\"",
        "`Asia/Horgos` cannot be `office.zone`: a name of the time-zone database",
    ),
    ("language = \"en\"", "language = \"kk\"", "`kk` cannot be `office.language`: en, ru or zh"),
    ("class = \"U\"", "class = \"X\"", "`X` cannot be `class.class`: one of U, C, E and T"),
    ("class = \"E\"", "class = \"C\"", "`C` cannot be `class.class`: a class that no other [[class]] has"),
    (
        "office = \"KZALAB\"",
        "office = \"KZALAA\"",
        "`KZALAA` cannot be `partner.office`: an office that no other [[partner]] has",
    ),
    ("slots = 1\n", "kind = \"box\"\n", "`box` cannot be `class.kind`: bag or tray"),
    ("slots = 1\n", "bagging = \"never\"\n", "`never` cannot be `class.bagging`: arrival or cutoff"),
    (
        "bag_tolerance_g = 300\n",
        "bag_tolerance_g = 300\nbagging = \"cut-off\"\n",
        "`cut-off` cannot be `belt.bagging`: arrival or cutoff",
    ),
    ("slots = 1\n", "slots = 0\n", "`0` cannot be `class.slots`: 1 to 255 open receptacles a stream"),
    ("slots = 1\n", "slots = 256\n", "`256` cannot be `class.slots`: 1 to 255 open receptacles a stream"),
    ("gross_max_g = 3000", "gross_max_g = 0", "`0` cannot be `class.gross_max_g`: more than nothing"),
    (
        "volume_max_cm3 = 90000",
        "volume_max_cm3 = 0",
        "`0` cannot be `class.volume_max_cm3`: more than nothing",
    ),
    ("items_max = 5", "items_max = 0", "`0` cannot be `class.items_max`: more than nothing"),
    ("tare_g = 300", "tare_g = 3000", "`3000` cannot be `class.tare_g`: less than gross_max_g"),
    (
        "office = \"KZALAA\"",
        "office = \"KZ-ALA\"",
        "`KZ-ALA` cannot be `partner.office`: six letters, a country first",
    ),
    ("[\"KZ\"]", "[\"KZ\", \"XK9\"]", "`XK9` cannot be `partner.countries`: two letters of ISO 3166-1"),
    ("category = \"D\"", "category = \"A\"", "`A` cannot be `partner.category`: C or D: surface mail"),
    ("category = \"D\"", "category = \"E\"", "`E` cannot be `partner.category`: C or D: surface mail"),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { L = \"UN\" }\n",
        "`L` cannot be `partner.subclasses`: one of U, C, E and T",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { U = \"U\" }\n",
        "`U` cannot be `partner.subclasses`: two characters, the class first",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { U = \"CN\" }\n",
        "`CN` cannot be `partner.subclasses`: a subclass of its own class",
    ),
    (
        "\"almaty-road\"",
        "\"almaty/road\"",
        "`almaty/road` cannot be `route.name`: letters, digits and hyphens",
    ),
    (
        "offices = [\"PLWAWA\"]\n",
        "offices = [\"PLWAWA\", \"RUMOWA\"]\n",
        "`warsaw-rail` cannot be `route.handed_to`: a route with the office that takes over what it carries (handed_to), \
         because a partner on it asks for precon or cardit",
    ),
    (
        "offices = [\"PLWAWA\"]\n",
        "offices = [\"PLWAWA\"]\nhanded_to = \"GBLALA\"\n",
        "`GBLALA` cannot be `route.handed_to`: the office of a [[partner]]",
    ),
    ("\"almaty-road\"", "\"\"", "`` cannot be `route.name`: letters, digits and hyphens"),
    (
        "\"almaty-road\"",
        "\"warsaw-rail\"",
        "`warsaw-rail` cannot be `route.name`: a name that no other route has",
    ),
    ("mode = \"road\"", "mode = \"air\"", "`air` cannot be `route.mode`: road or rail"),
    (
        "[\"KZALAA\", \"UZTASA\"]",
        "[\"KZALAA\", \"KGFRUA\"]",
        "`KGFRUA` cannot be `route.offices`: the office of a [[partner]]",
    ),
    (
        "[\"wed\", \"sat\"]",
        "[\"wed\", \"someday\"]",
        "`someday` cannot be `route.weekdays`: mon, tue, wed, thu, fri, sat or sun",
    ),
    ("\"18:00\"", "\"6 pm\"", "`6 pm` cannot be `route.departs`: a time like 18:00"),
    ("\"18:00\"", "\"24:00\"", "`24:00` cannot be `route.departs`: a time like 18:00"),
    ("\"2026-11-18\"", "\"18.11.2026\"", "`18.11.2026` cannot be `route.closed`: a date like 2026-10-01"),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-02-29\"",
        "`2026-02-29` cannot be `route.valid_from`: a date like 2026-10-01",
    ),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-01-01\"\nvalid_to = \"never\"",
        "`never` cannot be `route.valid_to`: a date like 2026-10-01",
    ),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-01-01\"\nvalid_to = \"2025-12-31\"",
        "`2025-12-31` cannot be `route.valid_to`: a day not before valid_from",
    ),
    ("payload_kg = 20000", "payload_kg = 0", "`0` cannot be `route.vehicles.payload_kg`: more than nothing"),
    (
        "payload_kg = 20000",
        "payload_kg = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.payload_kg`: something that can be meant",
    ),
    (
        "payload_kg = 20000",
        "payload_kg = 20000, line_limit_kg = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.line_limit_kg`: something that can be meant",
    ),
    ("volume_dm3 = 45000", "volume_dm3 = 0", "`0` cannot be `route.vehicles.volume_dm3`: more than nothing"),
    (
        "volume_dm3 = 45000",
        "volume_dm3 = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.volume_dm3`: something that can be meant",
    ),
    (
        "usable_permille = 900",
        "usable_permille = 0",
        "`0` cannot be `route.vehicles.usable_permille`: a share from 1 to 1000",
    ),
    (
        "usable_permille = 900",
        "usable_permille = 1001",
        "`1001` cannot be `route.vehicles.usable_permille`: a share from 1 to 1000",
    ),
    (
        "[{ payload_kg = 20000, volume_dm3 = 45000, usable_permille = 900 }]",
        "[]",
        "`almaty-road` cannot be `route.vehicles`: a route with at least one vehicle",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"../kazpost\"\n[belt]",
        "`../kazpost` cannot be `correspondent.folder`: small letters, digits and hyphens",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"duplicates\"\n[belt]",
        "`duplicates` cannot be `correspondent.folder`: a name that `done/` does not use itself",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\n[[correspondent]]\nfolder = \"a\"\n[belt]",
        "`a` cannot be `correspondent.folder`: a folder that no other correspondent has",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\nencoding = \"koi8-r\"\n[belt]",
        "`koi8-r` cannot be `correspondent.encoding`: utf-8, gb18030, windows-1251 or windows-1252",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\nmappings = [\"/etc/passwd\"]\n[belt]",
        "`/etc/passwd` cannot be `correspondent.mappings`: the name of a file beside this one",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\ncertificates = [\"../key.pem\"]\n[belt]",
        "`../key.pem` cannot be `correspondent.certificates`: the name of a file beside this one",
    ),
    ("[belt]", "[tariff]\noffices = [\"CNK\"]\n[belt]", "`CNK` cannot be `tariff.offices`: six letters"),
    (
        "[belt]",
        "[tariff]\nlithium_agreed = [\"Kazakhstan\"]\n[belt]",
        "`Kazakhstan` cannot be `tariff.lithium_agreed`: a country as KZ or an office as KZALAA",
    ),
    (
        "[belt]",
        "[tariff]\nswitched_on = { \"some-row\" = \"soon\" }\n[belt]",
        "`soon` cannot be `tariff.switched_on`: a date like 2026-12-01",
    ),
    (
        "outside_piece_max_g = 31500",
        "outside_piece_max_g = 31501",
        "`31501` cannot be `class.outside_piece_max_g`: at most 31500",
    ),
    (
        "items_max = 5\n",
        "items_max = 5\noutside_piece_max_g = 100000\n",
        "`100000` cannot be `class.outside_piece_max_g`: at most 30000",
    ),
    ("gross_max_g = 3000\n", "gross_max_g = 30001\n", "`30001` cannot be `class.gross_max_g`: at most 30000"),
    ("gross_max_g = 10000", "gross_max_g = 32001", "`32001` cannot be `class.gross_max_g`: at most 32000"),
    (
        "weekdays = [\"wed\", \"sat\"]",
        "weekdays = []",
        "`warsaw-rail` cannot be `route.weekdays`: a route with at least one day of the week",
    ),
    ("\"ceb\"", "\"fax\"", "`fax` cannot be `customs.link`: declared-elsewhere or ceb"),
    (
        "7d444840-9dc0",
        "7d444840+9dc0",
        "`7d444840+9dc0-11d1-b245-5ffdce74fad2` cannot be `customs.guid`: a GUID of 36 characters",
    ),
    ("customs_code = \"9400\"\n", "", "`` cannot be `customs.customs_code`: four digits"),
    ("\"9400\"", "\"94000\"", "`94000` cannot be `customs.customs_code`: four digits"),
    (
        "transport = \"4\"",
        "transport = \"44\"",
        "`44` cannot be `customs.transport`: one of 0 to 9: 3 by rail, 4 by road",
    ),
    ("lines_max = 3", "lines_max = 0", "`0` cannot be `customs.lines_max`: 1 to 99999"),
    ("after_min = 10", "after_min = 1441", "`1441` cannot be `customs.report_after_min`: 1 to 1440"),
    (
        "DXPENT0000000001",
        "DXPENT00000000012",
        "`DXPENT00000000012` cannot be `customs.dxp_id`: 1 to 16 characters",
    ),
    ("lines_max = 3", "receivers = [\"\"]", "`` cannot be `customs.receivers`: 1 to 16 characters"),
    (
        "lines_max = 3",
        "receivers = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\"]",
        "`6` cannot be `customs.receivers`: at most 5 receivers",
    ),
    (
        "6501000003",
        "xxxxxxxxxxxxxxxxxxx",
        "`xxxxxxxxxxxxxxxxxxx` cannot be `customs.agent.code`: 1 to 18 characters",
    ),
    ("示例报关公司", " ", "` ` cannot be `customs.agent.name`: 1 to 100 characters"),
    (
        "\"logistics\"]",
        "\"operator\"]",
        "`operator` cannot be `customs.signer.roles`: operator, agent or logistics, each with one signer",
    ),
    (
        "customs-key.pem",
        "../key.pem",
        "`../key.pem` cannot be `customs.signer.key`: the name of a file beside this one",
    ),
    (
        "lines_max = 3",
        "presentation = \"fax\"",
        "`fax` cannot be `customs.presentation`: cusitm, or nothing where it is entered",
    ),
    (
        "lines_max = 3",
        "presentation = \"cusitm\"\npresent_items_max = 0",
        "`0` cannot be `customs.present_items_max`: 1 to 99999",
    ),
    (
        "key_name = \"01\"",
        "key_name = \"01\"\n[[customs.decision]]\ncode = \"RL\"\nmeans = \"paid\"",
        "`paid` cannot be `customs.decision.means`: noted, filed, documents-wanted, inspect, held, duty-due, \
         released, return-to-sender, seized, goods-procedure or abandoned",
    ),
    (
        "key_name = \"01\"",
        "key_name = \"01\"\n[[customs.decision]]\ncode = \"R L\"\nmeans = \"held\"",
        "`R L` cannot be `customs.decision.code`: 1 to 17 characters without blanks",
    ),
    (
        "key_name = \"01\"",
        "key_name = \"01\"\n[[customs.decision]]\ncode = \"R\"\nmeans = \"held\"\n\
         [[customs.decision]]\ncode = \"R\"\nmeans = \"noted\"",
        "`R` cannot be `customs.decision.code`: a code and reason that no other row has",
    ),
];
