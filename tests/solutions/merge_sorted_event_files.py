"""Checks the merge: the printed example, edges, many passes, and the limit on open files."""

import builtins
import os
import random
import tempfile


def check(namespace):
    merge = namespace["merge_files"]
    open_now, most = set(), 0

    def counting_open(path, mode="r"):
        nonlocal most
        file = builtins.open(path, mode)  # noqa: SIM115 -- whoever asked for it closes it
        if mode == "rb":
            open_now.add(file)
            still = {one for one in open_now if not one.closed}
            open_now.intersection_update(still)
            most = max(most, len(still))
        return file

    namespace["open"] = counting_open

    with tempfile.TemporaryDirectory() as folder:
        count = 0

        def merged(texts, fan_in=100):
            nonlocal count, most
            count, most = count + 1, 0
            paths = []
            for number, text in enumerate(texts):
                paths.append(os.path.join(folder, f"in-{count}-{number}"))
                with builtins.open(paths[-1], "wb") as file:
                    file.write(text.encode("latin-1"))
            given, target = list(paths), os.path.join(folder, f"out-{count}")
            merge(paths, target, fan_in)
            assert paths == given
            assert most <= fan_in
            assert most or not paths, "the limit on open files was not watched"
            assert not any(os.path.isdir(one) for one in os.scandir(folder)), "scratch is left"
            with builtins.open(target, "rb") as file:
                return file.read().decode("latin-1")

        assert merged(["1\ta\n4\tb\n", "2\tc\n4\td\n"]) == "1\ta\n2\tc\n4\tb\n4\td\n"
        assert merged([]) == ""
        assert merged(["", "5\tx", ""]) == "5\tx\n"
        assert merged(["1\tz", "1\ta"]) == "1\tz\n1\ta\n"
        assert merged(["-3\tx\ty\n0\tx\n", "-1\tq\n"]) == "-3\tx\ty\n-1\tq\n0\tx\n"
        odd = ["1\ta\rb\r\n3\t\xff\n", "2\t\xe9 \n"]
        assert merged(odd) == "1\ta\rb\r\n2\t\xe9 \n3\t\xff\n"
        message = ""
        try:
            merged(["1\ta\n", "3\ta\n2\tb\n"])
        except ValueError as error:
            message = str(error)
        assert f"in-{count}-1" in message
        for fan_in in (1, 0):
            try:
                merged(["1\ta\n"], fan_in)
            except ValueError:
                continue
            raise AssertionError(fan_in)

        for seed in range(40):
            rng = random.Random(seed)
            files = [
                sorted(rng.randint(0, 9) for _ in range(rng.randint(0, 6)))
                for _ in range(rng.randint(0, 20))
            ]
            texts = [
                "".join(f"{time}\t{number}.{at}\n" for at, time in enumerate(times))
                for number, times in enumerate(files)
            ]
            lines = "".join(texts).splitlines(keepends=True)
            expected = "".join(sorted(lines, key=lambda line: int(line.split("\t")[0])))
            assert merged(texts, rng.choice((2, 3, 5, 50))) == expected
    del namespace["open"]
