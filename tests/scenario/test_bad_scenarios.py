"""What is wrong in a scenario is said exactly: file, line, key, what must hold, what came."""

from __future__ import annotations

from pathlib import Path

import pytest

from diffusion.errors import InputError
from diffusion.scenario import load_scenario

HEAD = """\
title = "T"
networks = ["ahsn-a"]
steps = 36
replicates = 10
"""
ADOPTION = """\
[adoption]
rule = "contagion"
transmission = 0.02
"""
LEADERS = """\
[leaders]
count = 3
"""
ARMS = """\
[[arms]]
name = "random"
leaders.position = "random"
[[arms]]
name = "hubs"
leaders.position = "out_degree"
"""
WHOLE = HEAD + ADOPTION + LEADERS + ARMS  # lines 1-4, 5-7, 8-9, 10-15


def problems(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "s.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert caught.value.exit_code == 2
    return [line.replace(str(path), "s.toml") for line in caught.value.problems]


def test_all_problems_are_told_at_once_in_the_order_of_the_file(tmp_path):
    text = (
        'title = "T"\nnetworks = ["ahsn-a", "ahsn-a"]\nsteps = 0\nreplicates = 1.5\nseed = -1\nworlds = 0\n'
        'smallest_difference = 1\nbaseline = "rndom"\nstep_unit = ""\n[adoption]\nrule = "contagion"\n'
        'transmision = 0.02\nexternal = "0.1"\nabandonment = { uniform = [2, 3] }\n'
        "[leaders]\ncount = -1\ninfluence = -2\n" + ARMS
    )
    assert problems(tmp_path, text) == [
        's.toml:2: networks[2]: names the network "ahsn-a" a second time; take one out',
        "s.toml:3: steps: must be a whole number between 1 and 32000; got 0",
        "s.toml:4: replicates: must be a whole number between 1 and 100000000; got 1.5",
        "s.toml:5: seed: must be a whole number between 0 and 9223372036854775807; got -1",
        "s.toml:6: worlds: must be a whole number between 1 and 1000000; got 0",
        "s.toml:7: smallest_difference: must be a number above 0 and below 1; got 1",
        's.toml:8: baseline: must name an arm; got "rndom"; did you mean "random"?',
        's.toml:9: step_unit: must be a line of text; got ""',
        's.toml:12: adoption.transmision: unknown key; did you mean "transmission"?',
        (
            's.toml:13: adoption.external: must be a number between 0 and 1; got "0.1", '
            "which is text: write the number without quotes"
        ),
        (
            "s.toml:14: adoption.abandonment.uniform: must be between 0 and 1, and uniform = [2, 3] reaches up to 3; "
            "state one that lies within"
        ),
        "s.toml:16: leaders.count: must be a whole number of at least 0; got -1",
        "s.toml:17: leaders.influence: must be a number of at least 0; got -2",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"contagion"', '"contagon"', '6: adoption.rule: must name a rule; got "contagon"; did you mean "contagion"?'),
        ("0.02", "1.4", "7: adoption.transmission: must be a number between 0 and 1; got 1.4"),
        ("0.02", "nan", "7: adoption.transmission: must be a number between 0 and 1; got nan"),
        ("0.02", "true", "7: adoption.transmission: must be a number between 0 and 1; got true"),
        (
            "0.02",
            "1" + "0" * 400,
            "7: adoption.transmission: must be a number between 0 and 1; got 1" + "0" * 56 + "...",
        ),
        ("0.02", "0.02\nseed = 3", "8: adoption.seed: unknown key here; it belongs above the first section"),
        ("0.02", "0.02\nnulls = 1", "8: adoption.nulls: unknown key here; [nulls] is a section of the whole scenario"),
        ("0.02", "0.02\nname_cap = 5", "8: adoption.name_cap: unknown key here; it belongs to [uncertain_network]"),
        (
            "0.02",
            "0.02\nthreshold = 0.2",
            "8: adoption.threshold: no arm uses this key: no arm's rule has it; take it out or change the rule",
        ),
        (
            "transmission = 0.02\n",
            "",
            ('5: adoption.transmission: the rule "contagion" needs transmission (how likely a tie is to carry), '
            "and it is missing; write it"),
        ),
        (ADOPTION, "", "1: adoption.rule: no rule is stated; write which rule moves agents"),
        (LEADERS, "[awareness]\nexternal = 0.1\n" + LEADERS,
         "8: awareness.rule: no rule is stated; write which rule moves agents"),
        (LEADERS, "[awareness]\nabandonment = 0.1\n" + LEADERS,
         "9: awareness.abandonment: unknown key here; it belongs to [adoption]"),
        ('"out_degree"', '"out_degre"',
         '15: arms.hubs.leaders.position: must name a position; got "out_degre"; did you mean "out_degree"?'),
        ('"hubs"', '"random"', '14: arms.random.name: every arm needs a name of its own; got "random" a second time'),
        ('"hubs"', '" "', '14: arms[2].name: must be a line of text; got " "'),
        ('name = "hubs"', "", "13: arms[2].name: is missing; give the arm a name"),
        ('"hubs"', '"no leaders"',
         ('14: arms."no leaders".name: "no leaders" is the name of the arm that the program adds by itself; '
         "choose another name")),
        ('leaders.position = "out_degree"', "leader.count = 3",
         '15: arms.hubs.leader: unknown key; did you mean "leaders"?'),
        ('leaders.position = "out_degree"', "",
         "13: arms.hubs.leaders.position: is missing; write which position leaders hold"),
        ('leaders.position = "out_degree"', "leaders.agents = []",
         '15: arms.hubs.leaders.agents: must be a list of at least one agent, such as ["..."]; got []'),
        ('leaders.position = "out_degree"', 'leaders.agents = ["M1",\n"M1"]',
         '16: arms.hubs.leaders.agents[2]: names the agent "M1" a second time; take one out'),
        (ARMS, "[arms]\nname = 'x'\n",
         '10: arms: must be at least one arm, each under its own [[arms]]; got { name = "x" }'),
        (ARMS, "", "1: arms: must be at least one arm, each under its own [[arms]]; there is none"),
        (HEAD, HEAD + "agents = 3\n", "5: agents: must be a table; got 3"),
        (HEAD, HEAD + "worlds = true\n",
         "5: worlds: must be a whole number between 1 and 1000000; got true"),
        (HEAD, HEAD + "transmission = 0.1\n",
         "5: transmission: unknown key here; it belongs to [adoption] or [awareness]"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_and_key(tmp_path, old, new, line):
    assert old in WHOLE
    assert problems(tmp_path, WHOLE.replace(old, new, 1)) == [f"s.toml:{line}"]


@pytest.mark.parametrize("key", ["drawn_per", "[weather.x]"])
def test_keys_that_the_program_does_not_know_are_refused_not_ignored(tmp_path, key):
    text = WHOLE + f"{key}\nkind = 'y'\n" if key.startswith("[") else f"{key} = 1\n" + WHOLE
    [line] = problems(tmp_path, text)
    assert "unknown key; known here are title, networks, steps" in line


@pytest.mark.parametrize(
    ("section", "lines"),
    [
        (
            "[agents]\nreceptivity = { manager = 1.2, academic = { beta = [0, 1] }, reach = 1, x = [0, 1] }",
            [
                "11: agents.receptivity.manager: must be a number between 0 and 1; got 1.2",
                "11: agents.receptivity.academic.beta: beta = [a, b] needs a above 0; got [0, 1]",
                '11: agents.receptivity.reach: "reach" is a reserved word and cannot be a role; rename the role',
                (
                    "11: agents.receptivity.x: must be a number between 0 and 1 or a distribution for this role; "
                    "got [0, 1]"
                ),
            ],
        ),
        (
            "[agents]\nreceptivity = { unifrom = [0, 1] }",
            [
                (
                    "11: agents.receptivity.unifrom: must be a number between 0 and 1 or a distribution for this role; "
                    'got [0, 1]; did you mean "uniform"?'
                )
            ],
        ),
        (
            '[agents]\nreceptivity = { beta = [7, 14], drawn_per = "wrld" }',
            ['11: agents.receptivity.drawn_per: must be "replicate" or "world"; got "wrld"'],
        ),
        (
            "[agents]\ninfluence = { uniform = [-3, -1] }",
            [
                (
                    "11: agents.influence.uniform: every value must be at least 0, and uniform = [-3, -1] "
                    "reaches down to -3; state one that lies within"
                )
            ],
        ),
        (
            '[agents]\ninfluence = "column:"',
            [
                (
                    "11: agents.influence: must be a number of at least 0, a distribution, a table by role or "
                    '"column:NAME" of agents.csv; got "column:"'
                )
            ],
        ),
        ("[agents]\ninfluence = {}", ["11: agents.influence: must name every role; got an empty table"]),
        (
            '[ties]\nlayers = { formal = -1, informal = "x" }',
            [
                "11: ties.layers.formal: must be a number of at least 0; got -1",
                (
                    '11: ties.layers.informal: must be a number of at least 0; got "x", '
                    "which is text: write the number without quotes"
                ),
            ],
        ),
        (
            '[ties]\nbetween_roles = { "a->b" = 1, "a -> b" = 2, "ab" = 1, "a -> reach" = 1, "c -> d" = -2 }',
            [
                '11: ties.between_roles."a -> b": states "a -> b" a second time; take one out',
                '11: ties.between_roles.ab: must be a pair of roles such as "academic -> manager"; got "ab"',
                '11: ties.between_roles."a -> reach": "reach" is a reserved word and cannot be a role; rename the role',
                '11: ties.between_roles."c -> d": must be a number of at least 0; got -2',
            ],
        ),
    ],
)
def test_values_of_agents_and_ties_are_checked_entry_by_entry(tmp_path, section, lines):
    text = HEAD + ADOPTION + LEADERS + section + "\n" + ARMS
    assert problems(tmp_path, text) == [f"s.toml:{line}" for line in lines]


@pytest.mark.parametrize(
    ("distribution", "said"),
    [
        ("uniform = [1, 1]", "uniform = [low, high] needs low below high"),
        ("normal = [0, 0]", "normal = [mean, sd] needs sd above 0"),
        ("lognormal = [0, -1]", "lognormal = [log_mean, log_sd] needs log_sd above 0"),
        ("beta = [0, -1]", "beta = [a, b] needs a and b above 0"),
        ("gamma = [1, 0]", "gamma = [shape, scale] needs scale above 0"),
        ("triangular = [0, 2, 1]", "triangular = [low, mode, high] needs mode between low and high"),
        ("triangular = [1, 1, 1]", "triangular = [low, mode, high] needs low below high"),
        ("exponential = 0", "exponential = [mean] needs mean above 0"),
        ("normal = [1]", "must be normal = [mean, sd], all numbers"),
        ('uniform = [0, "1"]', "must be uniform = [low, high], all numbers"),
    ],
)
def test_arguments_that_make_no_distribution_are_refused(tmp_path, distribution, said):
    name, _, arguments = distribution.partition(" = ")
    text = HEAD + f'[adoption]\nrule = "threshold"\nthreshold = {{ {distribution} }}\n' + LEADERS + ARMS
    assert problems(tmp_path, text) == [f"s.toml:7: adoption.threshold.{name}: {said}; got {arguments}"]


def test_an_arm_may_not_state_what_its_rule_does_not_use(tmp_path):
    text = WHOLE + 'adoption.rule = "threshold"\nadoption.threshold = 0.2\nadoption.transmission = 0.1\n'
    assert problems(tmp_path, text) == [
        (
            "s.toml:18: arms.hubs.adoption.transmission: the arm does not use this key: "
            "its rule has no transmission; take it out or change the rule"
        )
    ]


def test_an_arm_of_another_rule_must_bring_what_that_rule_needs(tmp_path):
    assert problems(tmp_path, WHOLE + 'adoption.rule = "hazard"\n') == [
        (
            's.toml:16: arms.hubs.adoption.intercept: the rule "hazard" needs intercept '
            "(the propensity at exposure 0), and it is missing; write it"
        ),
        (
            's.toml:16: arms.hubs.adoption.slope: the rule "hazard" needs slope (what exposure adds), '
            "and it is missing; write it"
        ),
    ]


def test_a_key_that_only_some_arms_lack_is_told_with_their_names(tmp_path):
    text = WHOLE.replace("transmission = 0.02\n", "") + "adoption.transmission = 0.1\n"
    assert problems(tmp_path, text) == [
        (
            's.toml:5: adoption.transmission: the rule "contagion" needs transmission (how likely a tie is to carry), '
            'and it is missing; write it (arm "random")'
        )
    ]


def test_an_arm_without_any_word_on_leaders_is_refused(tmp_path):
    assert problems(tmp_path, HEAD + ADOPTION + '[[arms]]\nname = "x"\n') == [
        (
            "s.toml:8: arms.x.leaders: no leaders are stated; write leaders.position and leaders.count, "
            "or leaders.agents (leaders.count = 0 for nobody)"
        )
    ]
    assert problems(tmp_path, HEAD + ADOPTION + ARMS) == [
        "s.toml:10: arms.random.leaders.count: is missing; write how many lead, here or in [leaders]",
        "s.toml:13: arms.hubs.leaders.count: is missing; write how many lead, here or in [leaders]",
    ]


def test_a_position_under_leaders_named_for_all_arms_is_refused(tmp_path):
    said = "leaders.agents of the scenario sets this key aside; move leaders.agents to the arms"
    assert problems(tmp_path, WHOLE.replace("count = 3", 'agents = ["M1"]')) == [
        f"s.toml:12: arms.random.leaders.position: {said}",
        f"s.toml:15: arms.hubs.leaders.position: {said}",
    ]


@pytest.mark.parametrize(
    ("sweep", "lines"),
    [
        (
            '"adoption.transmission" = [0.1,\n1.4,\n"x",\n0.10]',
            [
                '18: sweep."adoption.transmission"[2]: must be a number between 0 and 1; got 1.4',
                ('19: sweep."adoption.transmission"[3]: must be a number between 0 and 1; got "x", '
                "which is text: write the number without quotes"),
                '20: sweep."adoption.transmission"[4]: every swept value comes once; got 0.1 a second time',
            ],
        ),
        ('"leaders.count" = [1, 1]',
         ['17: sweep."leaders.count"[2]: every swept value comes once; got 1 a second time']),
        ('"leaders.count" = []', ['17: sweep."leaders.count": must be a list of at least one value; got []']),
        ('"leaders.count" = 3', ['17: sweep."leaders.count": must be a list of at least one value; got 3']),
        ("steps = [12, 36]",
         [("17: sweep.steps: cannot be swept: it is no key that an arm may override; "
          "such keys start with adoption, awareness, agents, ties, leaders, uncertain_network")]),
        ('"adopton.transmission" = [0.1]',
         [('17: sweep."adopton.transmission": cannot be swept: it is no key that an arm may override; '
          'did you mean "adoption.transmission"?')]),
        ('"adoption.transmision" = [0.1]',
         ['17: sweep."adoption.transmision": unknown key; did you mean "transmission"?']),
        ('"adoption.transmission.x" = [0.1]',
         ['17: sweep."adoption.transmission.x": unknown key; adoption.transmission is no table and has no entries']),
        ("leaders = [1]",
         [("17: sweep.leaders: cannot be swept whole; sweep one of its keys: "
          "position, count, roles, parameters, agents, influence, recruitment, leaving")]),
        ('"adoption.threshold" = [0.1]',
         [('17: sweep."adoption.threshold": is swept, but not every arm uses adoption.threshold: '
          'the rule "contagion" has no threshold')]),
        ('"leaders.position" = ["random"]',
         ['17: sweep."leaders.position": is swept, but an arm overrides leaders.position; take one of the two out']),
        ('agents.receptivity = [0.5, 1]\n"agents.receptivity.manager" = [0.3]',
         [('18: sweep."agents.receptivity.manager": overlaps with agents.receptivity, which is swept too; '
          "take one out")]),
        ('adoption = [{ rule = "cascade", transmission = 0.1 }]',
         ['5: adoption: the sweep of "adoption" replaces this section; take the section out']),
    ],
)  # fmt: skip
def test_a_sweep_is_checked_value_by_value_and_arm_by_arm(tmp_path, sweep, lines):
    assert problems(tmp_path, f"{WHOLE}[sweep]\n{sweep}\n") == [f"s.toml:{line}" for line in lines]


def test_sweeping_the_number_of_leaders_needs_arms_that_do_not_name_them(tmp_path):
    text = WHOLE + '[[arms]]\nname = "chosen"\nleaders.agents = ["M1"]\n[sweep]\n"leaders.count" = [1, 2]\n'
    assert problems(tmp_path, text) == [
        (
            's.toml:20: sweep."leaders.count": is swept, but not every arm uses leaders.count: '
            'leaders.agents names the leaders (arm "chosen")'
        )
    ]


def test_sweeping_receptivity_needs_a_rule_that_reads_it(tmp_path):
    text = WHOLE.replace('"contagion"\ntransmission = 0.02', '"threshold"\nthreshold = 0.2')
    assert problems(tmp_path, text + '[sweep]\n"agents.receptivity" = [0.5, 1]\n') == [
        (
            's.toml:17: sweep."agents.receptivity": is swept, but not every arm uses agents.receptivity: '
            "no rule uses receptivity"
        )
    ]


def test_a_swept_section_that_lacks_a_key_is_told_on_its_own_line(tmp_path):
    text = HEAD + LEADERS + ARMS + '[sweep]\nadoption = [\n{ rule = "cascade", transmission = 0.1 },\n'
    assert problems(tmp_path, text + '{ rule = "threshold" },\n{ transmision = 1 },\n]\n') == [
        's.toml:17: sweep.adoption[3].transmision: unknown key; did you mean "transmission"?'
    ]
    assert problems(tmp_path, text + '{ rule = "threshold" },\n]\n') == [
        (
            's.toml:16: sweep.adoption[2]: the rule "threshold" needs threshold (the exposure at which it moves), '
            "and it is missing; write it"
        )
    ]
