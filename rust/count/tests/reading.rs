//! Reading: what a file says is what is counted, whatever its size and however it is cut into parts.

use selectorate_count::gather::Gathering;
use selectorate_count::papers::{GAP, OVERVOTE};
use selectorate_count::read::Layout;
use selectorate_count::{Kind, read};

fn ranks(heading: usize, many: Option<usize>, columns: (usize, usize)) -> Kind {
    Kind::Ranks { layout: Layout { heading, many, ranks: columns }, candidates: Vec::new() }
}

fn uniques(papers: &selectorate_count::Papers) -> Vec<(Vec<u16>, u64)> {
    papers.uniques.iter().map(|(ranking, many)| (ranking.to_vec(), many)).collect()
}

#[test]
fn equal_rankings_are_put_together_and_candidates_stand_as_the_file_first_names_them() {
    let file = b"rank 1,rank 2\nOak,Ash\nAsh\nOak,Ash\n,\n\"Elm, old\",Oak\n";
    let papers = read(file, &ranks(1, None, (0, 2))).unwrap();
    assert_eq!(papers.candidates, ["Oak", "Ash", "Elm, old"]);
    assert_eq!(uniques(&papers), [(vec![0, 1], 2), (vec![1], 1), (vec![2, 0], 1)]);
    assert_eq!(papers.blank, 1);
}

#[test]
fn papers_with_gaps_overvotes_and_repetitions_are_kept_as_marked() {
    let file = b"rank 1,rank 2,rank 3\nOak,,Ash\nOak,overvote,Ash\nOak,Oak,\nOak,Ash,undervote\n";
    let papers = read(file, &ranks(1, None, (0, 3))).unwrap();
    assert_eq!(uniques(&papers), [(vec![0, 1], 1)]);
    let odd: Vec<_> = papers.odd.iter().map(|(marks, many)| (marks.clone(), *many)).collect();
    assert!(odd.contains(&(vec![vec![0], vec![], vec![1]], 1)));
    assert!(odd.contains(&(vec![vec![0], vec![OVERVOTE], vec![1]], 1)));
    assert!(odd.contains(&(vec![vec![0], vec![0]], 1)));
}

#[test]
fn a_large_file_read_in_parts_gives_what_its_lines_give_one_by_one() {
    let lines = ["7,3", "3", "5,7,3", "1,2,4,6", "2,1"];
    let mut file = String::from("rank 1,rank 2,rank 3,rank 4\n");
    for at in 0..600_000 {
        file.push_str(lines[(at * at + at / 7) % lines.len()]);
        file.push('\n');
    }
    assert!(file.len() > 2 << 20, "large enough for several parts");
    let mut counts = std::collections::HashMap::new();
    for line in file.lines().skip(1) {
        *counts.entry(line).or_insert(0_u64) += 1;
    }
    let papers = read(file.as_bytes(), &ranks(1, None, (0, 4))).unwrap();
    for (ranking, many) in papers.uniques.iter() {
        let names: Vec<&str> =
            ranking.iter().map(|&one| papers.candidates[usize::from(one)].as_str()).collect();
        assert_eq!(counts.remove(names.join(",").as_str()), Some(many));
    }
    assert!(counts.is_empty());
}

#[test]
fn a_fault_names_its_line_even_in_the_last_part_of_a_large_file() {
    let mut file = String::from("count,rank 1\n");
    file.push_str(&"1,Ash\n".repeat(600_000));
    file.push_str("-1,Ash\n");
    let fault = read(file.as_bytes(), &ranks(1, Some(0), (1, 2))).unwrap_err();
    assert_eq!(fault.line, 600_002);
    assert!(fault.because.contains("negative"), "{}", fault.because);
}

#[test]
fn malicious_numbers_are_refused_with_their_line() {
    let cases: [(&[u8], u64); 6] = [
        (b"count,rank 1\n1000000000000,Ash\n", 2),
        (b"count,rank 1\n99999999999999999999,Ash\n", 2),
        (b"count,rank 1\n0,Ash\n", 2),
        (b"count,rank 1\n1,\"Ash\n", 2),
        (b"count,rank 1\n900000000,Ash\n900000000,Ash\n", 3),
        (b"count,rank 1\n1,Ash,Elm\n", 2),
    ];
    for (file, line) in cases {
        let fault = read(file, &ranks(1, Some(0), (1, 2))).unwrap_err();
        assert_eq!(fault.line, line, "{}", fault.because);
    }
    assert_eq!(read(b"1000000,1\n", &Kind::ScotElex).unwrap_err().line, 1);
    assert_eq!(read(b"2 1\n1 1 2\n", &Kind::Blt).unwrap_err().line, 2);
    assert_eq!(read(b"2 1\n1 3 0\n", &Kind::Blt).unwrap_err().line, 2);
}

#[test]
fn more_than_fifteen_candidates_are_read_too() {
    let names: Vec<String> = (1..=40).map(|number| format!("Candidate {number}")).collect();
    let file = format!("rank 1\n{}\n{}\n", names.join("\n"), names[39]);
    let papers = read(file.as_bytes(), &ranks(1, None, (0, 1))).unwrap();
    assert_eq!(papers.candidates, names);
    assert_eq!(papers.uniques.len(), 40);
    assert_eq!(papers.uniques.weight(39), 2);
}

#[test]
fn scot_elex_and_blt_say_the_same() {
    let scot = b"3,2,\n5,2,1,\n2,3,\n4,\n\"Candidate 1\",\"Ash\",\"A\",\"\",\n\"Candidate 2\",\"Elm\",\n\
                 \"Candidate 3\",\"Oak\",\n\"A ward\",\n";
    let blt = b"3 2\n5 2 1 0 # five\n2 3 0\n4 0\n0\n\"Ash\"\n\"Elm\"\n\"Oak\"\n\"A ward\"\n";
    let (left, right) = (read(scot, &Kind::ScotElex).unwrap(), read(blt, &Kind::Blt).unwrap());
    assert_eq!(uniques(&left), [(vec![1, 0], 5), (vec![2], 2)]);
    assert_eq!(uniques(&left), uniques(&right));
    assert_eq!((left.candidates, left.seats, left.blank), (right.candidates, right.seats, right.blank));
    assert_eq!((left.title.as_str(), right.title.as_str()), ("A ward", "A ward"));
}

#[test]
fn names_in_windows_1252_are_decoded() {
    let papers = read(b"rank 1\nB\xfcche\n\x8aedy\n", &ranks(1, None, (0, 1))).unwrap();
    assert_eq!(papers.candidates, ["Büche", "Šedy"]);
}

#[test]
fn parts_are_put_together_in_any_order() {
    let part = |papers: &[(&[u16], u64)]| {
        let mut made = Gathering::<u64>::default();
        for &(ranking, many) in papers {
            made.add(ranking, many);
        }
        made
    };
    let parts =
        || [part(&[(&[0, 1], 2), (&[], 1)]), part(&[(&[1], 3), (&[0, 1], 1)]), part(&[(&[GAP, 1], 4)])];
    let [a, b, c] = parts();
    let left = a.merge(b, |one| one).merge(c, |one| one).finish();
    let [a, b, c] = parts();
    let right = c.merge(a.merge(b, |one| one), |one| one).finish();
    let [a, b, c] = parts();
    let other = b.merge(c, |one| one).merge(a, |one| one).finish();
    assert_eq!(left, right);
    assert_eq!(left, other);
}
