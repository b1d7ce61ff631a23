using XDistilTorch.Training;

namespace XDistilTorch.Tests.Training;

public class ModelCardTests
{
    [Fact]
    public void A_card_says_what_the_model_is_and_leaves_licence_and_language_to_its_author()
    {
        var card = ModelCard.Render(TrainingOutcomes.Evaluated());

        card.Should()
            .StartWith("---\nlibrary_name: transformers\npipeline_tag: question-answering\nbase_model: \"small-encoder\"\ntags:\n")
            .And.Contain("\n# clock-answers\n")
            .And.Contain("23,426 parameters, trained with XDistilTorch from small-encoder on 1,200 questions of clocks.jsonl.")
            .And.Contain("**Licence**: none is stated here.")
            .And.Contain("QuestionAnswerer.FromPretrained(\"clock-answers\")")
            .And.Contain("AutoTokenizer.from_pretrained(\"clock-answers\")")
            .And.Contain("truncation=\"only_second\", max_length=128,")
            .And.Contain("| num_train_epochs | 3 |")
            .And.Contain("| lr_scheduler_type | linear |")
            .And.Contain("| freeze_embeddings | false |")
            .And.Contain("| max_length | 128 |")
            .And.Contain("Answers can be wrong")
            .And.NotContain("\nlicense:")
            .And.NotContain("\nlanguage:")
            .And.NotContain("\r");
    }

    [Fact]
    public void Figures_stand_before_and_after_with_the_interval_of_their_difference()
    {
        var card = ModelCard.Render(TrainingOutcomes.Evaluated());

        card.Should()
            .Contain(
                "    - type: exact_match\n      name: Exact match\n      value: 61.50\n    - type: f1\n      name: F1\n      value: 70.25\n---\n"
            )
            .And.Contain("      name: \"clocks-dev.jsonl\"\n")
            .And.Contain("On 400 development questions of clocks-dev.jsonl:")
            .And.Contain(
                """
                |  | before | after | difference (95 % interval) |
                | --- | --- | --- | --- |
                | exact match | 11.00 | 61.50 | +50.50 (+45.25 to +55.75) |
                | F1 | 20.00 | 70.25 | +50.25 (-1.00 to +60.00) |
                | loss | 4.5000 | 1.2500 |  |

                """
            )
            .And.Contain("The step that was kept was chosen by these same questions");
    }

    [Fact]
    public void Without_an_interval_the_difference_stands_alone() =>
        ModelCard
            .Render(TrainingOutcomes.Evaluated() with { Comparison = null, KeptStep = 450 })
            .Should()
            .Contain("| exact match | 11.00 | 60.00 | +49.00 |")
            .And.Contain("| before | after | difference |")
            .And.NotContain("interval")
            .And.NotContain("flatter");

    [Fact]
    public void Without_development_questions_there_are_no_figures() =>
        ModelCard
            .Render(TrainingOutcomes.Evaluated() with { DevFile = null, Evaluations = [], Comparison = null, BaseModel = null })
            .Should()
            .Contain("how good the model is was not measured")
            .And.Contain("trained with XDistilTorch from random weights")
            .And.NotContain("model-index")
            .And.NotContain("base_model")
            .And.NotContain("metrics:");

    [Fact]
    public void Names_cannot_break_out_of_where_they_stand()
    {
        const string Hostile = "_a_b\": [x]\n---\n| `b` <i> # \"c\" \\ \u00e9\U0001f375";

        var card = ModelCard.Render(
            TrainingOutcomes.Evaluated() with
            {
                Name = Hostile,
                BaseModel = Hostile,
                TrainFile = Hostile,
                DevFile = Hostile,
                Settings = [new("teacher", Hostile)],
            }
        );

        card.Should()
            .Contain("""base_model: "_a_b\": [x]\n---\n| `b` <i> # \"c\" \\ é🍵""" + "\"\n")
            .And.Contain("""# \_a_b": \[x\] --- \| \`b\` \<i\> \# "c" \\ é🍵""" + "\n")
            .And.Contain("""| teacher | \_a_b": \[x\] --- \| \`b\` \<i\> \# "c" \\ é🍵 |""" + "\n");
        card.Split('\n').Count(line => line == "---").Should().Be(2);
    }
}
