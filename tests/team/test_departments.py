from hypothesis import given
from hypothesis import strategies as st

from app.team.departments import DepartmentOpens, folded, most_first


def department(name: str | None, people: int, opens: int = 0) -> DepartmentOpens:
    return DepartmentOpens(name, "department" if name else "none", opens, opens, people, min(people, opens))


def test_small_departments_are_shown_together() -> None:
    found = folded([department("Sales", 9, 100), department("Legal", 2, 10), department("Board", 3, 50)], min_people=5)
    assert [(it.name, it.kind, it.people, it.opens) for it in found] == [
        ("Sales", "department", 9, 100),
        (None, "other", 5, 60),
    ]


def test_one_small_department_takes_the_smallest_other_with_it_for_the_total_would_give_it_away() -> None:
    found = folded([department("Sales", 9, 9), department("Support", 6, 6), department("Board", 1, 3)], min_people=5)
    assert [(it.name, it.people, it.opens) for it in found] == [("Sales", 9, 9), (None, 7, 9)]


def test_a_small_organisation_has_no_list() -> None:
    assert folded([department("Sales", 2, 9), department(None, 2, 1)], min_people=5) == []


def test_most_opens_come_first_and_equals_by_name() -> None:
    found = most_first([department(None, 1, 5), department("B", 1, 5), department("A", 1, 5), department("C", 1, 7)])
    assert [it.name for it in found] == ["C", "A", "B", None]


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 50)), max_size=8),
    st.integers(1, 10),
)
def test_nobody_is_lost_and_no_group_is_too_small(sizes: list[tuple[int, int]], min_people: int) -> None:
    all_ = [department(f"d{number}", people, opens) for number, (people, opens) in enumerate(sizes)]
    found = folded(all_, min_people=min_people)
    assert all(it.people >= min_people for it in found)
    if sum(it.people for it in all_) >= min_people:
        assert sum(it.people for it in found) == sum(it.people for it in all_)
        assert sum(it.opens for it in found) == sum(it.opens for it in all_)
    else:
        assert found == []
